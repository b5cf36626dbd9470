package incident

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// A play is a log that is written a moment at a time.
type play struct {
	Log
	now time.Time
}

func newPlay() *play { return &play{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)} }

// next is the next request, after all before it.
func (p *play) next(operation string, granted bool) Request {
	p.now = p.now.Add(time.Second)
	sent := p.now
	p.now = p.now.Add(time.Second)
	return Request{Operation: operation, Sent: sent, Received: p.now, Granted: granted}
}

func (p *play) login(keys ...string) {
	for _, key := range keys {
		p.HandedOut(p.next("login", true), Credential{Key: key, Kind: "session", Owner: "us"}, false)
	}
}

func (p *play) issue(parent string, keys ...string) {
	for _, key := range keys {
		p.HandedOut(p.next("issue", true), Credential{Key: key, Kind: "token", Parent: parent, Owner: "us"}, false)
	}
}

func (p *play) use(granted bool, keys ...string) {
	for _, key := range keys {
		p.Used(key, p.next("probe", granted), true, false)
	}
}

var sparesAll = []string{"parent", "siblings", "children", "others", "original", "renewal"}

func (p *play) end(key string) { p.Ended(key, p.next("logout", true), sparesAll, true) }

// logout is a round: sessions are made and used, one is ended, and the others are used again.
func (p *play) logout(name string, survive bool) {
	one, two := name+"1", name+"2"
	p.login(one, two)
	p.use(true, one, two)
	p.end(one)
	p.use(survive, two)
}

func TestCulprits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		play     func(p *play)
		suspects []string
		words    []string
	}{
		"each logout ended every other": {func(p *play) {
			p.logout("a", false)
			p.logout("b", false)
			p.Alone(true)
			p.logout("c", false)
		}, []string{"logout"}, []string{"each of 3 logout requests ended every other session of the account"}},
		"it was not tried alone": {func(p *play) {
			p.logout("a", false)
			p.logout("b", false)
		}, []string{"logout"}, nil},
		"one spared another": {func(p *play) {
			p.logout("a", false)
			p.logout("b", true)
			p.Alone(true)
			p.logout("c", false)
		}, nil, nil},
		"once is none": {func(p *play) {
			p.Alone(true)
			p.logout("a", false)
		}, []string{"logout"}, nil},
		"the contract says so": {func(p *play) {
			p.Alone(true)
			for _, key := range []string{"a", "b", "c"} {
				p.login(key)
				p.issue(key, "of "+key)
				p.use(true, "of "+key)
				p.Ended(key, p.next("logout", true), []string{"siblings"}, true)
				p.use(false, "of "+key)
			}
		}, nil, nil},
		"the children, which it has to spare": {func(p *play) {
			p.Alone(true)
			for _, key := range []string{"a", "b", "c"} {
				p.login(key)
				p.issue(key, "of "+key)
				p.use(true, "of "+key)
				p.end(key)
				p.use(false, "of "+key)
			}
		}, []string{"logout"}, []string{"each of 3 logout requests ended every token of the session"}},
		"one that was over already ends nothing": {func(p *play) {
			p.Alone(true)
			for _, round := range []string{"a", "b"} {
				p.login(round+"1", round+"2")
				p.use(true, round+"1", round+"2")
				p.end(round + "1")
				p.login(round + "3")
				p.end(round + "2") // which the first has ended
				p.use(true, round+"3")
				p.login(round + "4")
				p.use(true, round+"4")
				p.end(round + "3")
				p.use(false, round+"4")
			}
		}, []string{"logout"}, []string{"each of 2 logout requests ended every other session of the account"}},
		"of another account": {func(p *play) {
			p.Alone(true)
			for _, round := range []string{"a", "b"} {
				p.login(round)
				p.HandedOut(p.next("login", true), Credential{Key: "their " + round, Kind: "session", Owner: "them"}, false)
				p.use(true, "their "+round)
				p.end(round)
				p.use(false, "their "+round)
			}
		}, nil, nil},
		"handed out twice": {func(p *play) {
			p.Alone(true)
			for range 3 {
				p.login("a", "b")
				p.use(true, "b")
				p.end("a")
				p.use(false, "b")
			}
		}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlay()
			c.play(p)
			if got := p.Suspects(); !slices.Equal(got, c.suspects) {
				t.Errorf("suspects %v, want %v", got, c.suspects)
			}
			var words []string
			for _, culprit := range p.Culprits() {
				words = append(words, culprit.Words)
			}
			if !slices.Equal(words, c.words) {
				t.Errorf("%q, want %q", words, c.words)
			}
		})
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		play      func(p *play)
		words     string
		recovered bool
	}{
		"now and then": {func(p *play) {
			p.login("a")
			for i := range 10 {
				p.use(i%5 != 3, "a")
			}
		}, "a living session was refused in 2 of 10 requests", true},
		"for good": {func(p *play) {
			p.login("a", "b")
			p.use(true, "a", "b")
			p.use(false, "a", "a")
		}, "a living session was refused in 2 of 4 requests", false},
		"by one operation of two": {func(p *play) {
			p.login("a")
			for i := range 4 {
				p.use(i != 2, "a")
				p.Used("a", p.next("read", true), true, false)
			}
		}, "a living session was refused in 1 of 4 requests of probe", true},
		"after its end": {func(p *play) {
			p.login("a")
			p.use(true, "a")
			p.end("a")
			p.use(false, "a")
		}, "", false},
		"always": {func(p *play) {
			p.login("a", "b")
			p.use(false, "a", "b")
		}, "", false},
		"a password": {func(p *play) {
			for i := range 5 {
				p.LoggedIn(p.next("login", i%2 == 0))
			}
		}, "a login with the right password was refused in 2 of 5 requests", true},
		"a second that it need not give": {func(p *play) {
			p.login("a", "b")
			for _, key := range []string{"a", "b"} {
				p.Used(key, p.next("issue", true), true, true)
				p.issue(key, "of "+key)
				p.Used(key, p.next("issue", false), true, true)
			}
		}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlay()
			c.play(p)
			all := p.Shares()
			if c.words == "" && len(all) == 0 {
				return
			}
			if len(all) != 1 || all[0].Words != c.words || all[0].Recovered != c.recovered {
				t.Errorf("%+v", all)
			}
		})
	}
}

// A log keeps so much and no more.
func TestTheLogIsBounded(t *testing.T) {
	t.Parallel()
	p := newPlay()
	for i := range most + 10 {
		p.login(fmt.Sprint(i))
	}
	if n := len(p.all) + len(p.deeds); n > 2*most {
		t.Errorf("%d entries", n)
	}
}
