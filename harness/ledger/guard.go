package ledger

import (
	"context"
	"fmt"
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
	usual   time.Duration // that a login takes, with all that it waits for
	granted time.Time     // when the latest of them was sent
	failed  time.Time     // when the latest was sent that had to fail, and failed
	by      string        // the check that sent it
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
// out whether the server is shut. Where it is, the caller may not log in. Whoever leaves says whether there was an answer.
func (g *Guard) Enter(ctx context.Context, abreast bool) (leave func(answered bool), shut *Shut, err error) {
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
	return func(answered bool) {
		once.Do(func() {
			g.change(func() {
				if g.inside--; answered {
					g.usual += (time.Since(entered) - g.usual) / 4
				}
			})
		})
	}, nil, nil
}

// Granted enters that a login was granted, and when it was sent.
func (g *Guard) Granted(sent time.Time) {
	g.change(func() {
		if sent.After(g.granted) {
			g.granted = sent
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

// Doubt is called where a login was refused that should have been granted, by who is to find out whether the server is shut: mine reports
// that it is the caller, who logs in once more, whoever else waits, and settles with what that comes to, nil for a door that is open. It is
// not where no login was granted before, or where another has found out meanwhile.
func (g *Guard) Doubt(ctx context.Context, sent time.Time) (settle func(*Shut), mine bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.asking && g.shut == nil {
		if g.wait(ctx) != nil {
			return nil, false
		}
	}
	if g.shut != nil || g.granted.IsZero() || g.granted.After(sent) {
		return nil, false
	}
	g.asking = true
	return func(shut *Shut) {
		g.change(func() {
			if g.asking = false; shut != nil {
				if shut.Since, g.shut = g.granted, shut; g.failed.After(g.granted) {
					shut.After = g.by
				}
			}
		})
	}, true
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
