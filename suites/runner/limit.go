package runner

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

// usual is how many requests a check comes to, all in all: most make a handful, and a few hundreds.
const usual = 8

// patience is how long a run may take at least that nobody has given a limit.
const patience = 30 * time.Minute

// Longest is the longest time that the run waits for something to expire: as long as the longest lifetime that a check of it needs.
func (p Planned) Longest() (wait time.Duration) {
	needed := map[string]time.Duration{"expiry.session": p.Target.Lifetimes.Session, "expiry.token": p.Target.Lifetimes.Token}
	for _, d := range p.Run {
		for _, need := range d.AllNeeds() {
			wait = max(wait, needed[need])
		}
	}
	return wait
}

// Requests is about how many the run sends.
func (p Planned) Requests() int { return usual * len(p.Run) }

// Takes is about how long the run takes where a request takes so long: its requests, as many at a time as may be, and beside them
// its longest wait, after which what is walked to its end takes two lifetimes more.
func (p Planned) Takes(request time.Duration, procs int) time.Duration {
	atATime := cmp.Or(procs, DefaultProcs)
	if most := p.Target.Limits.Concurrency; most > 0 {
		atATime = min(atATime, most)
	}
	takes := time.Duration(p.Requests()/atATime) * request
	if pace := p.Target.Limits.RequestsPerSecond; pace > 0 {
		takes = max(takes, time.Duration(float64(p.Requests())/pace*float64(time.Second)))
	}
	return max(takes, 3*p.Longest())
}

// expects says how long the run of a target is about to take, by what its preflight took.
func (r *Run) expects(j *judged) {
	if r.options.Expects == nil || j.problem != nil || len(j.preflown) == 0 {
		return
	}
	var took float64 // in milliseconds
	for _, e := range j.preflown {
		took += e.DurationMs / float64(len(j.preflown))
	}
	request := time.Duration(took * float64(time.Millisecond))
	r.options.Expects(j.Planned, request, j.Takes(request, r.options.Procs))
}

// Limit is how long a run may take: as long as Timeout says, or else half an hour, and thrice what its waits and its pace come to where
// that is longer.
func (o Options) Limit(planned []Planned) time.Duration {
	limit := patience + o.Explore
	for _, p := range planned {
		limit = max(limit, 3*p.Takes(0, o.Procs)+o.Explore)
	}
	return cmp.Or(o.Timeout, limit)
}

// overTime is why a run was ended that took longer than it may.
type overTime struct{ limit time.Duration }

func (o overTime) Error() string {
	return fmt.Sprintf("the run did not come to its end within %s (--timeout)", o.limit.Round(time.Second))
}

// within bounds the run: when its time is up, it ends as if somebody had interrupted it.
func (r *Run) within(ctx context.Context) (bounded context.Context, end func()) {
	bounded, cancel := context.WithCancelCause(ctx)
	limit := r.options.Limit(r.planned)
	timer := time.AfterFunc(limit, func() { cancel(overTime{limit}) })
	return bounded, func() {
		timer.Stop()
		cancel(nil)
	}
}

// ended says why a run was ended before it came to its end.
func ended(ctx context.Context) (reason, remedy string) {
	if over, ok := context.Cause(ctx).(overTime); ok {
		return over.Error(), "raise --timeout, or find out what takes so long; the report holds what was judged until then"
	}
	return "interrupted", "run again; the report holds what was judged until then"
}
