package check

import (
	"context"
	"net/http"
	"net/http/httptest"
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
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	t.Cleanup(s.Close)
	doc, err := openapi.Load("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	c := &Case{lives: map[string]Lifetime{}, Env: &Env{
		Target: &target.Target{}, Client: client.New(doc, client.Options{Base: s.URL, Timeout: 5 * time.Second}), Redactor: &redact.Redactor{},
		Ledger: ledger.NewRun(ledger.NewServer(target.Limits{})), Shows: func(string) string { return "" },
	}}
	t.Cleanup(c.Client.Close)
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
	if len(c.saw.Seen) == 0 || len(c.lives) != 1 || len(c.saw.Answers) != 0 {
		t.Errorf("the check saw %d breaches and %d lives in passing, and has %d exchanges", len(c.saw.Seen), len(c.lives), len(c.saw.Answers))
	}
	c.Exhibit(parts[1].Answers)
	if len(c.saw.Answers) != 1 {
		t.Error("what is shown is no evidence")
	}
}
