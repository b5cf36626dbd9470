package ledger

import (
	"context"
	"testing"
	"time"

	"example.org/conform/harness/target"
)

// Who doubts is the only one to find out; whoever comes meanwhile waits for what that comes to.
func TestGuardShuts(t *testing.T) {
	t.Parallel()
	for name, shut := range map[string]*Shut{"open": nil, "shut": {Reason: "locked"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, ctx := NewServer(target.Limits{}).Guard("svc"), context.Background()
			leave, _, err := g.Enter(ctx, false)
			if err != nil {
				t.Fatal(err)
			}
			leave(true)
			sent := time.Now()
			g.Granted(sent)
			g.Failed("A/B/c", sent.Add(time.Millisecond))
			settle, mine := g.Doubt(ctx, sent.Add(time.Second))
			if !mine {
				t.Fatal("nobody finds out")
			}
			came := make(chan *Shut)
			go func() {
				leave, found, err := g.Enter(ctx, false)
				if err == nil && found == nil {
					leave(true)
				}
				came <- found
			}()
			select {
			case <-came:
				t.Fatal("a login went in while it was being found out whether the door is shut")
			case <-time.After(20 * time.Millisecond): // nothing can be waited for that does not happen
			}
			settle(shut)
			found := <-came
			if found != shut {
				t.Errorf("found %v", found)
			}
			if shut != nil && (!shut.Since.Equal(sent) || shut.After != "A/B/c") {
				t.Errorf("since %s, after %q", shut.Since, shut.After)
			}
			if _, mine := g.Doubt(ctx, sent.Add(-time.Second)); mine {
				t.Error("a login is doubted that was sent before one that was granted")
			}
		})
	}
}

// A door that never was open is not shut.
func TestGuardOfADoorThatNeverOpened(t *testing.T) {
	t.Parallel()
	if _, mine := NewServer(target.Limits{}).Guard("svc").Doubt(context.Background(), time.Now()); mine {
		t.Error("it is found out whether a door is shut that nobody has come through")
	}
}

// One login waits for another, but not where logins take long, nor where they are to be made at the same moment.
func TestGuardLetsInBesideEachOther(t *testing.T) {
	t.Parallel()
	g := NewServer(target.Limits{}).Guard("svc")
	first, _, _ := g.Enter(context.Background(), false)
	soon, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, _, err := g.Enter(soon, false); err == nil {
		t.Error("two logins are under way at a server that answers at once")
	}
	beside, _, err := g.Enter(context.Background(), true)
	if err != nil {
		t.Fatal(err)
	}
	beside(false)
	g.usual = 2 * prompt
	second, _, err := g.Enter(context.Background(), false)
	if err != nil {
		t.Fatal(err)
	}
	second(true)
	first(true)
}
