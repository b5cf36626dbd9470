package ledger

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Guard lets the logins of an account through one after the other, so that few are under way when the server begins to refuse them, and
// none any more once that is certain: an account that is locked is not to be tried again and again. Get one from Server.Guard; it is safe
// for concurrent use.
type Guard struct {
	mu      sync.Mutex
	changed chan struct{} // closed when what follows has changed
	inside  int
	usual   time.Duration   // that a login takes, with all that it waits for
	granted time.Time       // when the latest of them was sent
	forms   map[string]bool // in which they were made
	refused []Refusal       // good ones, since
	failed  time.Time       // when the latest was sent that had to fail, and failed
	by      string          // the check that sent it
	doubts  int             // logins that were refused, and wait for what that comes to
	asking  bool
	shut    *Shut
}

// Shut is how a server refuses what it had granted before.
type Shut struct {
	// Since is when the latest login was sent that was granted, and After the check that has sent one meanwhile which had to fail, and may
	// be the reason; "" for none.
	Since time.Time
	After string
	// Reason and Remedy are a line each.
	Reason, Remedy string
	// Silent says that no answer came, so that nothing else gets one either.
	Silent bool
}

// String is a sentence.
func (s *Shut) String() string {
	text := fmt.Sprintf("from %s on the server refused what it had granted before: %s", s.Since.UTC().Format(time.TimeOnly+" UTC"), s.Reason)
	if s.After != "" {
		text += "; just before, " + s.After + " had sent a login that has to fail"
	}
	return text
}

// prompt is how long a login may take before a further one is let in beside it: a server that takes its time is not asked one by one.
const prompt = 40 * time.Millisecond

// Guard is that of an account's logins.
func (s *Server) Guard(account string) *Guard {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.guards[account] == nil {
		s.guards[account] = &Guard{changed: make(chan struct{})}
	}
	return s.guards[account]
}

// Shut is how the server refuses the account, nil where it does not.
func (g *Guard) Shut() *Shut {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.shut
}

// Enter waits for the turn of a login. Those that are to be made at the same moment come abreast, and wait only where it is being found
// out whether the server is shut. Where it is, the caller may not log in. Whoever leaves says when there was an answer, zero for none.
func (g *Guard) Enter(ctx context.Context, abreast bool) (leave func(answered time.Time), shut *Shut, err error) {
	may := func() bool { return abreast || time.Duration(g.inside)*prompt <= g.usual }
	g.mu.Lock()
	for g.shut == nil && (g.asking || !may()) {
		if err := g.wait(ctx); err != nil {
			g.mu.Unlock()
			return nil, nil, err
		}
	}
	defer g.mu.Unlock()
	if g.shut != nil {
		return nil, g.shut, nil
	}
	g.inside++
	entered, once := time.Now(), sync.Once{}
	return func(answered time.Time) {
		once.Do(func() {
			g.change(func() {
				if g.inside--; !answered.IsZero() {
					g.usual += (answered.Sub(entered) - g.usual) / 4
				}
			})
		})
	}, nil, nil
}

// mostForms bounds the forms of logins that are remembered.
const mostForms = 64

// Granted enters that a login was granted, when it was sent and in which form.
func (g *Guard) Granted(sent time.Time, form string) {
	g.change(func() {
		if sent.After(g.granted) {
			g.granted = sent
			g.refused = slices.DeleteFunc(g.refused, func(r Refusal) bool { return sent.After(r.Sent) })
		}
		if g.forms == nil {
			g.forms = map[string]bool{}
		}
		if len(g.forms) < mostForms {
			g.forms[form] = true
		}
	})
}

// Failed enters that a login failed as it had to, which check sent it and when.
func (g *Guard) Failed(check string, sent time.Time) {
	g.change(func() {
		if sent.After(g.failed) {
			g.failed, g.by = sent, check
		}
	})
}

// Refusal is a good login that was not granted.
type Refusal struct {
	Sent time.Time
	// Form is the request, as far as it can matter to a server.
	Form string
	// Status is that of the answer, 0 for one that says nothing of the next login: it did not come, or wants fewer of them.
	Status int
}

// Doubt is called where a login was refused that should have been granted, by who is to find out whether the server is shut, once it knows
// what became of those that were under way beside: mine reports that it is the caller, who logs in once more, whoever else waits, and
// settles with what that comes to, nil for a door that is open. Sure says that one more login would tell nothing that is not known: two were
// refused alike, of which one was made as some were that had been granted. Neither is so where no login was granted before, or where another
// has found out meanwhile.
//
// Held says that the caller holds the question already, see Again.
func (g *Guard) Doubt(ctx context.Context, refused Refusal, held bool) (settle func(*Shut), sure, mine bool) {
	defer g.doubting()()
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.granted.IsZero() {
		g.refused = append(g.refused, refused)
	}
	for g.shut == nil && (g.asking && !held || g.inside > g.doubts) {
		if g.wait(ctx) != nil {
			return nil, false, false
		}
	}
	if g.shut != nil || g.granted.IsZero() || g.granted.After(refused.Sent) {
		return nil, false, false
	}
	g.asking = true
	return g.settle, g.sure(refused.Status), true
}

// Again waits until a login may be sent once more that got no answer, which nobody does beside it: where it gets none again, others need
// not be. It is not to be where the server is shut. The caller holds the question then, until it calls Release or settles a doubt.
func (g *Guard) Again(ctx context.Context) bool {
	defer g.doubting()()
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.asking && g.shut == nil {
		if g.wait(ctx) != nil {
			return false
		}
	}
	if g.shut != nil {
		return false
	}
	g.asking = true
	return true
}

// Release is for who holds the question and needs it no more.
func (g *Guard) Release() { g.change(func() { g.asking = false }) }

// doubting enters a login that waits for what became of others, until that is over.
func (g *Guard) doubting() (over func()) {
	g.change(func() { g.doubts++ })
	return func() { g.change(func() { g.doubts-- }) }
}

// sure reports whether two were refused by a status, one of them in a form that had been granted.
func (g *Guard) sure(status int) bool {
	alike, known := 0, false
	for _, r := range g.refused {
		if r.Status == status && status != 0 {
			alike, known = alike+1, known || g.forms[r.Form]
		}
	}
	return alike > 1 && known
}

// settle enters what a doubt came to.
func (g *Guard) settle(shut *Shut) {
	g.change(func() {
		if g.asking, g.refused = false, nil; shut != nil {
			if shut.Since, g.shut = g.granted, shut; g.failed.After(g.granted) {
				shut.After = g.by
			}
		}
	})
}

// change changes the guard and wakes whoever waits for that.
func (g *Guard) change(by func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	by()
	close(g.changed)
	g.changed = make(chan struct{})
}

// wait waits for a change. The caller holds the lock, and holds it again afterwards.
func (g *Guard) wait(ctx context.Context) error {
	changed := g.changed
	g.mu.Unlock()
	defer g.mu.Lock()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
