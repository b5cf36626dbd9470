package check

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/redact"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/openapi"
)

// Parts run at the same time, end each in its own way, and leave what they made and saw to the check.
func TestTogether(t *testing.T) {
	t.Parallel()
	c := caseAt(t, http.StatusInternalServerError)
	meet := make(chan bool)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	parts := c.Together(ctx, 3, func(i int, own *Case) {
		switch i {
		case 0:
			meet <- true // the parts run at the same time, or this waits for ever
			own.Fail("one thing", "another")
		case 1:
			<-meet
			own.Send(ctx, client.Request{Operation: Probe})
			own.Lives("token", Lifetime{})
		default:
			panic("a mistake")
		}
	})
	if e := parts[0].End; e == nil || e.Status != verdict.Failed || e.Expected != "one thing" {
		t.Errorf("the first part: %+v", e)
	}
	if parts[1].End != nil || len(parts[1].Answers) != 1 {
		t.Errorf("the second part: %+v", parts[1])
	}
	if e := parts[2].End; e == nil || e.Status != verdict.Inconclusive || e.Stack == "" {
		t.Errorf("the third part: %+v", e)
	}
	if len(c.saw.Seen) == 0 || len(c.lives.of) != 1 || len(c.saw.Answers) != 0 {
		t.Errorf("the check saw %d breaches and %d lives in passing, and has %d exchanges", len(c.saw.Seen), len(c.lives.of), len(c.saw.Answers))
	}
	c.Exhibit(parts[1].Answers)
	if len(c.saw.Answers) != 1 {
		t.Error("what is shown is no evidence")
	}
}

// A part may use what the whole was given after the part had begun: where that is refused, another check may have ended it, and where it
// was too old, the attempt says nothing.
func TestPartsShareWhatTheWholeWasGiven(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		lasts    time.Duration
		outlived bool
	}{{"young", time.Hour, false}, {"old", time.Nanosecond, true}} {
		whole := caseAt(t, http.StatusUnauthorized)
		part := whole.Together(t.Context(), 1, func(_ int, own *Case) {
			answer := whole.Send(t.Context(), client.Request{Operation: Probe})
			whole.Lives("token", LifetimeFrom(answer, c.lasts))
			own.ExpectGranted(own.Send(t.Context(), client.Request{Operation: Probe}), "token", "a token works")
		})[0]
		if part.End == nil || part.End.Outlived != c.outlived || !whole.saw.Lost {
			t.Errorf("%s: ended as %+v, lost %v", c.name, part.End, whole.saw.Lost)
		}
	}
}

// caseAt is a case at a server that answers everything with a status.
func caseAt(t *testing.T, status int) *Case {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	t.Cleanup(s.Close)
	doc, err := openapi.Load("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	c := &Case{lives: newLives(), Env: &Env{
		Target: &target.Target{}, Client: client.New(doc, client.Options{Base: s.URL, Timeout: 5 * time.Second}), Redactor: &redact.Redactor{},
		Ledger: ledger.NewRun(ledger.NewServer(target.Limits{})), Shows: func(string) string { return "" },
	}}
	t.Cleanup(c.Client.Close)
	return c
}

// Of tries that are spread it is said how many break, and what came of those after the first of a lane is no evidence of its own.
func TestSpreadSaysHowManyBreak(t *testing.T) {
	t.Parallel()
	spread := func(n int, breaks func(i int) bool) (end *End, shown int) {
		c := &Case{lives: newLives()}
		defer func() { end, shown = endOf(t.Context(), recover()), len(c.saw.Answers) }()
		c.Spread(t.Context(), n, func(i int, own *Case) {
			own.Exhibit([]*client.Answer{{}})
			if breaks(i) {
				own.Fail("refused", "let in")
			}
		})
		return nil, 0
	}
	for _, c := range []struct {
		n      int
		breaks func(i int) bool
		actual string
		shown  int
	}{
		{9, func(i int) bool { return i == 4 }, "let in; of 9 tries no other breaks it", 8}, // the fourth lane's last is after its first
		{9, func(int) bool { return true }, "let in; 9 of 9 tries break it", 4},
		{9, func(i int) bool { return i%4 == 1 }, "let in; 2 of 9 tries break it", 8},
		{1, func(int) bool { return true }, "let in", 1},
	} {
		end, shown := spread(c.n, c.breaks)
		if end == nil || end.Actual != c.actual || !strings.HasSuffix(end.Reason, c.actual) || shown != c.shown {
			t.Errorf("%d tries end with %+v and show %d, want %q and %d", c.n, end, shown, c.actual, c.shown)
		}
	}
	if end, shown := spread(9, func(int) bool { return false }); end != nil || shown != 9 {
		t.Errorf("where none breaks: %+v, and %d are shown", end, shown)
	}
}
