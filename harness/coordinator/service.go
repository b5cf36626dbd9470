package coordinator

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// session is one worker's connection and what it holds.
type session struct {
	state *State
	ctx   context.Context

	mu       sync.Mutex
	held     map[heldAccount]bool
	progress map[string]bool
}

type heldAccount struct {
	run     int
	account string
}

// release gives back what a worker held when its connection ended.
func (c *session) release() {
	c.mu.Lock()
	held := slices.Collect(maps.Keys(c.held))
	working := slices.Collect(maps.Keys(c.progress))
	c.held, c.progress = nil, nil
	c.mu.Unlock()
	for _, h := range held {
		c.state.unlockAccount(h.run, h.account)
	}
	s := c.state
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range working {
		delete(s.progress, id)
	}
	for key, v := range s.once {
		if v.owner == c && v.value == nil {
			delete(s.once, key) // the next asker makes it
			close(v.done)
		}
	}
	s.announce()
}

// Service is the set of calls that a worker makes. It is exported for net/rpc alone; use Client.
type Service struct{ session *session }

// None stands in for an argument or a reply that carries nothing; gob wants a field all the same.
type None struct{ Empty bool }

// NameArgs is a secret and its kind.
type NameArgs struct{ Kind, Value string }

// CredentialArgs names a credential of a run.
type CredentialArgs struct {
	Run        int
	Credential string
}

// AccountArgs names an account of a run.
type AccountArgs struct {
	Run     int
	Account string
}

// ThrottleArgs is a wait that a server asked for.
type ThrottleArgs struct {
	Run  int
	Wait time.Duration
}

// OnceReply is a shared value, or the order to make it.
type OnceReply struct {
	Value []byte
	Make  bool
}

// OnceArgs hands in a shared value.
type OnceArgs struct {
	Key   string
	Value []byte
}

// Job returns the job.
func (s *Service) Job(_ None, reply *Job) error {
	*reply = *s.session.state.job
	return nil
}

// Name names a secret.
func (s *Service) Name(args NameArgs, reply *string) error {
	*reply = s.session.state.Name(args.Kind, args.Value)
	return nil
}

// Made enters an item in the ledger.
func (s *Service) Made(item Item, _ *None) error {
	s.session.state.Made(item)
	return nil
}

// Given counts the answers that gave a credential.
func (s *Service) Given(args CredentialArgs, times *int) error {
	*times = s.session.state.Given(args.Run, args.Credential)
	return nil
}

// Ended strikes an item from the ledger.
func (s *Service) Ended(item Item, _ *None) error {
	s.session.state.Ended(item)
	return nil
}

// LockAccount waits for the sole right to send a wrong password for an account, and counts it.
func (s *Service) LockAccount(args AccountArgs, _ *None) error {
	c := s.session
	if err := c.state.lockAccount(c.ctx, args.Run, args.Account); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil { // the connection ended meanwhile
		c.state.unlockAccount(args.Run, args.Account)
		return c.ctx.Err()
	}
	c.held[heldAccount{args.Run, args.Account}] = true
	return nil
}

// UnlockAccount gives the right back.
func (s *Service) UnlockAccount(args AccountArgs, _ *None) error {
	c := s.session
	c.mu.Lock()
	held := c.held[heldAccount{args.Run, args.Account}]
	delete(c.held, heldAccount{args.Run, args.Account})
	c.mu.Unlock()
	if held {
		c.state.unlockAccount(args.Run, args.Account)
	}
	return nil
}

// Throttle enters a wait that a server asked for.
func (s *Service) Throttle(args ThrottleArgs, _ *None) error {
	return s.session.state.throttle(args.Run, args.Wait)
}

// Turn says how long to wait before the next request.
func (s *Service) Turn(run int, reply *time.Duration) error {
	*reply = s.session.state.turn(run)
	return nil
}

// Once returns the value of a key, waits for it while another worker makes it, or tells the caller to make it.
func (s *Service) Once(key string, reply *OnceReply) error {
	state := s.session.state
	for {
		state.mu.Lock()
		v, ok := state.once[key]
		if !ok {
			state.once[key] = &shared{done: make(chan struct{}), owner: s.session}
			state.mu.Unlock()
			reply.Make = true
			return nil
		}
		state.mu.Unlock()
		select {
		case <-v.done:
			if v.value != nil {
				reply.Value = v.value
				return nil
			}
		case <-s.session.ctx.Done():
			return s.session.ctx.Err()
		}
	}
}

// Share hands in the value of a key that Once told the caller to make. An empty value gives the order back.
func (s *Service) Share(args OnceArgs, _ *None) error {
	state := s.session.state
	state.mu.Lock()
	defer state.mu.Unlock()
	v, ok := state.once[args.Key]
	if !ok || v.owner != s.session || v.value != nil {
		return nil
	}
	if len(args.Value) == 0 {
		delete(state.once, args.Key)
	} else {
		v.value = args.Value
	}
	close(v.done)
	return nil
}

// Report tells what a check is at.
func (s *Service) Report(p Progress, _ *None) error {
	c := s.session
	c.mu.Lock()
	if c.progress == nil {
		c.progress = map[string]bool{}
	}
	c.progress[p.Check] = true
	c.mu.Unlock()
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	c.state.progress[p.Check] = p
	c.state.announce()
	return nil
}

// Finish hands in a check's result.
func (s *Service) Finish(r Result, _ *None) error {
	state := s.session.state
	state.mu.Lock()
	defer state.mu.Unlock()
	delete(state.progress, r.Check.ID)
	if _, ok := state.results[resultKey(r.Run, r.Check.ID)]; !ok {
		state.order = append(state.order, resultKey(r.Run, r.Check.ID))
	}
	state.results[resultKey(r.Run, r.Check.ID)] = r
	state.announce()
	return nil
}

// AwaitArgs names a check of a run.
type AwaitArgs struct {
	Run   int
	Check string
}

// Await waits until a check has been handed in, by whichever worker.
func (s *Service) Await(args AwaitArgs, reply *Result) error {
	state := s.session.state
	for {
		state.mu.Lock()
		r, ok := state.results[resultKey(args.Run, args.Check)]
		changed := state.changed
		state.mu.Unlock()
		if ok {
			*reply = r
			return nil
		}
		select {
		case <-changed:
		case <-s.session.ctx.Done():
			return s.session.ctx.Err()
		}
	}
}
