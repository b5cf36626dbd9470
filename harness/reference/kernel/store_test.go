package kernel

import (
	"testing"
	"time"
)

type record struct {
	id, group string
	Life
}

func (r record) name() string { return r.id }

func newTestStore(limits Limits) *Store[record] {
	return NewStore(limits, record.name)
}

func at(second int) time.Time { return time.Unix(int64(second), 0) }

func expect(t *testing.T, s *Store[record], what string, records, live int) {
	t.Helper()
	if n := s.Size(); n != records {
		t.Errorf("%s: %d records, want %d", what, n, records)
	}
	if n := s.Live(at(10)); n != live {
		t.Errorf("%s: %d live, want %d", what, n, live)
	}
}

func TestStore(t *testing.T) {
	t.Parallel()
	s := newTestStore(Limits{Shortest: 8 * time.Second})
	for _, id := range []string{"a", "b", "c"} {
		s.Add(record{id: id, group: "one", Life: Life{ExpiresAt: at(20)}})
	}
	s.Add(record{id: "d", group: "another", Life: Life{ExpiresAt: at(5)}})
	expect(t, s, "four", 4, 3)
	s.Add(record{id: "a", group: "one", Life: Life{ExpiresAt: at(30)}})
	expect(t, s, "one replaced", 4, 3)
	if group := s.Match(func(r record) bool { return r.group == "one" }); len(group) != 3 || group[0].id != "b" || group[2].id != "a" {
		t.Errorf("the group is %v, oldest first", group)
	}
	s.End("b", at(10))
	if _, found := s.Find("b"); found {
		t.Error("what has ended is found")
	}
	s.Change("c", func(r *record) { r.group = "another" })
	if group := s.Match(func(r record) bool { return r.group == "another" }); len(group) != 2 || group[0].id != "c" {
		t.Errorf("the other group is %v, oldest first", group)
	}
	expect(t, s, "one ended", 3, 2)
	s.Expire("c", at(10))
	expect(t, s, "one expired", 3, 1)
	s.Sweep(at(10))
	expect(t, s, "swept", 1, 1)
	s.Add(record{id: "e"})
	s.Sweep(at(11)) // too soon
	expect(t, s, "not swept", 2, 1)
	s.Close()
	s.Add(record{id: "f"})
	expect(t, s, "closed", 0, 0)
}

func TestStoreKeepsWhatEnded(t *testing.T) {
	t.Parallel()
	s := newTestStore(Limits{Keep: 10 * time.Second, Most: 2})
	s.Add(record{id: "a", Life: Life{ExpiresAt: at(20)}})
	s.End("a", at(5))
	s.End("a", at(6)) // has ended already
	if a, found := s.Find("a"); !found || a.Live(at(5)) || !a.Ends().Equal(at(5)) {
		t.Errorf("an ended record: %v, found %t", a, found)
	}
	s.Sweep(at(14))
	expect(t, s, "within its time", 1, 0)
	s.Add(record{id: "b", Life: Life{ExpiresAt: at(20)}})
	expect(t, s, "full", 2, 1)
	s.Add(record{id: "c", Life: Life{ExpiresAt: at(20)}})
	expect(t, s, "full still", 2, 2)
	if _, found := s.Find("a"); found {
		t.Error("what ends first did not make room")
	}
	s.Sweep(at(30))
	expect(t, s, "swept", 0, 0)
}
