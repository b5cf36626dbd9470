package reports

import (
	"fmt"
	"math"
	"slices"
	"time"

	"example.org/conform/harness/verdict"
)

// timeline shows when the checks of a run were at work, those that overlap below each other.
type timeline struct {
	Height int
	Ticks  []string // the times at equal distances, from the first check's start to the last one's end
	Label  string

	begin time.Time
	bars  map[*verdict.Check]bar
}

// bar is where and how long one check is drawn, in hundred thousandths of the run, and in which lane.
type bar [3]int

const (
	laneHeight = 9
	maxLanes   = 60 // more than that and the lanes are shared
	whole      = 100_000
)

// newTimeline is nil when no check ran.
func newTimeline(run *verdict.Run) *timeline {
	var ran []*verdict.Check
	end := func(c *verdict.Check) time.Time {
		return c.Started.Add(time.Duration(max(c.DurationMs, 0) * float64(time.Millisecond)))
	}
	var last time.Time
	for i := range run.Checks {
		if c := &run.Checks[i]; !c.Started.IsZero() {
			ran = append(ran, c)
			last = slices.MaxFunc([]time.Time{last, end(c)}, time.Time.Compare)
		}
	}
	if len(ran) == 0 {
		return nil
	}
	slices.SortStableFunc(ran, func(a, b *verdict.Check) int { return a.Started.Compare(b.Started) })
	t := &timeline{begin: ran[0].Started, bars: map[*verdict.Check]bar{}}
	took := math.Max(last.Sub(t.begin).Seconds()*1000, 0.001)
	var lanes []time.Time // when each lane is free again
	for _, c := range ran {
		lane := slices.IndexFunc(lanes, func(free time.Time) bool { return !free.After(c.Started) })
		if lane < 0 && len(lanes) < maxLanes {
			lane, lanes = len(lanes), append(lanes, time.Time{})
		}
		if lane < 0 {
			lane = maxLanes - 1
		} else {
			lanes[lane] = end(c)
		}
		t.bars[c] = bar{
			int(t.after(c) / took * whole),
			int(math.Max(c.DurationMs/took*whole, 120)), // else it could not be seen
			lane * laneHeight,
		}
	}
	t.Height = len(lanes) * laneHeight
	for i := range 5 {
		t.Ticks = append(t.Ticks, span(took*float64(i)/4))
	}
	t.Label = fmt.Sprintf("%s over %s, at most %d at a time", verdict.Count(len(ran), "check", "checks"), span(took), len(lanes))
	return t
}

// after is how long after the first check one began, in milliseconds.
func (t *timeline) after(c *verdict.Check) float64 { return c.Started.Sub(t.begin).Seconds() * 1000 }
