package ledger

import (
	"context"
	"runtime"
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
			leave(time.Now())
			sent := time.Now()
			g.Granted(sent, "")
			g.Failed("A/B/c", sent.Add(time.Millisecond))
			settle, _, mine := g.Doubt(ctx, Refusal{Sent: sent.Add(time.Second)}, false)
			if !mine {
				t.Fatal("nobody finds out")
			}
			came := make(chan *Shut)
			go func() {
				leave, found, err := g.Enter(ctx, false)
				if err == nil && found == nil {
					leave(time.Now())
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
			if _, _, mine := g.Doubt(ctx, Refusal{Sent: sent.Add(-time.Second)}, false); mine {
				t.Error("a login is doubted that was sent before one that was granted")
			}
		})
	}
}

// A door that never was open is not shut.
func TestGuardOfADoorThatNeverOpened(t *testing.T) {
	t.Parallel()
	if _, _, mine := NewServer(target.Limits{}).Guard("svc").Doubt(context.Background(), Refusal{Sent: time.Now()}, false); mine {
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
	beside(time.Time{})
	g.usual = 2 * prompt
	second, _, err := g.Enter(context.Background(), false)
	if err != nil {
		t.Fatal(err)
	}
	second(time.Now())
	first(time.Now())
}

// What became of a login that was under way beside is waited for: where it was refused alike, and one of the two was made as others were that
// had been granted, the door is shut, and nobody tries it again.
func TestGuardIsSureOfTwo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		form   string
		sure   bool
	}{
		"alike": {403, "plain", true}, "in odd forms": {403, "odd", false}, "by another status": {401, "plain", false}, "without an answer": {0, "plain", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, ctx, sent := NewServer(target.Limits{}).Guard("svc"), context.Background(), time.Now()
			g.Granted(sent, "plain")
			type doubt struct {
				settle     func(*Shut)
				sure, mine bool
			}
			out := make(chan doubt, 2)
			var leaves []func(time.Time)
			doubts := func(r Refusal) {
				settle, sure, mine := g.Doubt(ctx, r, false)
				out <- doubt{settle, sure, mine}
			}
			for range 2 {
				leave, _, err := g.Enter(ctx, true)
				if err != nil {
					t.Fatal(err)
				}
				leaves = append(leaves, leave)
			}
			go doubts(Refusal{sent.Add(time.Second), "odd", 403})
			for waits := false; !waits; { // until it is entered, and waits for what becomes of the other
				g.mu.Lock()
				waits = len(g.refused) == 1
				g.mu.Unlock()
				runtime.Gosched()
			}
			select {
			case <-out:
				t.Fatal("what became of the other is not waited for")
			case <-time.After(20 * time.Millisecond): // nothing can be waited for that does not happen
			}
			go doubts(Refusal{sent.Add(time.Second), c.form, c.status})
			first := <-out
			if !first.mine || first.sure != c.sure {
				t.Errorf("sure %t", first.sure)
			}
			first.settle(&Shut{Reason: "locked"})
			if second := <-out; second.mine {
				t.Error("both find out")
			}
			for _, leave := range leaves {
				leave(time.Time{})
			}
		})
	}
}

// Of logins that got no answer one is sent again, and the others when that has an answer; none where the door is shut.
func TestGuardLetsOneBeSentAgain(t *testing.T) {
	t.Parallel()
	g, ctx, sent := NewServer(target.Limits{}).Guard("svc"), context.Background(), time.Now()
	g.Granted(sent, "plain")
	if !g.Again(ctx) {
		t.Fatal("none is sent again")
	}
	others := make(chan bool)
	for range 2 {
		go func() { others <- g.Again(ctx) }()
	}
	select {
	case <-others:
		t.Fatal("two are sent again at a time")
	case <-time.After(20 * time.Millisecond): // nothing can be waited for that does not happen
	}
	g.Release()
	if !<-others {
		t.Error("the next is not sent again")
	}
	settle, sure, mine := g.Doubt(ctx, Refusal{Sent: sent.Add(time.Second)}, true)
	if !mine || sure {
		t.Fatalf("mine %t, sure %t", mine, sure)
	}
	settle(&Shut{Silent: true})
	if <-others {
		t.Error("one is sent again to a door that is shut")
	}
}
