package ledger

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Once keeps values that are made once, by whoever asks first. The zero value keeps none.
type Once struct {
	mu     sync.Mutex
	values map[string]*value
}

type value struct {
	making *semaphore.Weighted
	made   bool
	is     any
}

// Do returns the value of a key. Who asks first makes it, and those who ask meanwhile wait for it; when make fails or
// panics, the next of them tries again. Own says that this call made it.
func Do[V any](ctx context.Context, o *Once, key string, make func() (V, error)) (v V, own bool, err error) {
	kept, _ := o.of(key)
	if err := kept.making.Acquire(ctx, 1); err != nil {
		return v, false, fmt.Errorf("waiting for what another check does for all: %w", err)
	}
	defer kept.making.Release(1)
	if kept.made {
		return kept.is.(V), false, nil
	}
	if v, err = make(); err == nil {
		kept.is, kept.made = v, true
	}
	return v, true, err
}

// Forget lets a key be done again.
func (o *Once) Forget(key string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.values, key)
}

// First reports whether nobody has asked for a key before.
func (o *Once) First(key string) bool {
	_, first := o.of(key)
	return first
}

// of is what is kept under a key, and whether this is the first time that it is asked for.
func (o *Once) of(key string) (kept *value, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.values == nil {
		o.values = map[string]*value{}
	}
	if kept = o.values[key]; kept == nil {
		kept, first = &value{making: semaphore.NewWeighted(1)}, true
		o.values[key] = kept
	}
	return kept, first
}
