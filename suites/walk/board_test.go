package walk

import (
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

func boardOf(oneAtATime bool, pace time.Duration) (*board, *life.API) {
	b := &board{asked: map[string]int{}, found: map[string]*found{}, done: make(chan struct{}), pace: pace}
	return b, life.New(&check.Case{Env: &check.Env{Walks: check.Walks{OneAtATime: oneAtATime}}}, life.Dialect{})
}

// Walks that take long are made side by side, each once.
func TestSlowWalksGoSideBySide(t *testing.T) {
	t.Parallel()
	b, api := boardOf(false, time.Millisecond)
	var mu sync.Mutex
	var made []int
	both := make(chan struct{}) // closed when a second walk has begun beside the first
	b.make(t.Context(), api, func(_ *life.API, number int) {
		mu.Lock()
		if made = append(made, number); len(made) == 2 {
			close(both)
		}
		mu.Unlock()
		<-both
	})
	<-b.done
	if slices.Sort(made); len(made) != walks || made[0] != 0 || len(slices.Compact(made)) != walks {
		t.Errorf("%v", made)
	}
}

// Where none may take from another, each waits for the one before, however long that takes.
func TestWalksOneAtATime(t *testing.T) {
	t.Parallel()
	b, api := boardOf(true, 0)
	var mu sync.Mutex
	under, made := 0, 0
	b.make(t.Context(), api, func(_ *life.API, number int) {
		mu.Lock()
		under++
		made++
		if under > 1 {
			t.Errorf("walk %d begins beside another", number)
		}
		mu.Unlock()
		time.Sleep(time.Millisecond) // room for another to begin
		mu.Lock()
		under--
		mu.Unlock()
	})
	<-b.done
	if made != walks {
		t.Errorf("%d walks", made)
	}
}

// The first breach ends them.
func TestBreachEndsTheWalks(t *testing.T) {
	t.Parallel()
	b, api := boardOf(false, time.Hour)
	made := 0
	b.make(t.Context(), api, func(*life.API, int) {
		b.mu.Lock()
		b.broken = true
		b.mu.Unlock()
		made++
	})
	<-b.done
	if made != 1 {
		t.Errorf("%d walks were made after a breach in the first", made-1)
	}
}

// An answer that is lost once and in no walk like it is the network's; one that is refused once, or lost again, is the server's.
func TestAnswerLostOnce(t *testing.T) {
	t.Parallel()
	lost, refused := &client.Answer{Err: io.EOF}, &client.Answer{Status: 401}
	for name, c := range map[string]struct {
		last     *client.Answer
		again    int
		accident bool
	}{"lost once": {lost, 0, true}, "lost again": {lost, 1, false}, "refused once": {refused, 0, false}} {
		f := &found{answers: []*client.Answer{refused, c.last}, tries: repeats, again: c.again}
		if f.accident() != c.accident {
			t.Errorf("%s: accident %t", name, f.accident())
		}
	}
}
