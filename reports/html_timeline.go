package reports

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"time"

	"example.org/conform/harness/verdict"
)

// timeline shows when the checks of a run were at work, those that overlap below each other.
type timeline struct {
	Bars   []bar
	Height int
	Ticks  []string // the times at equal distances, from the first check's start to the last one's end
	Label  string
}

// bar is one check; X and Width are in thousandths of the run.
type bar struct {
	X, Width string
	Y        int
	Status   verdict.Status
	Title    string
	Href     template.URL
}

const (
	laneHeight = 9
	maxLanes   = 60 // more than that and the lanes are shared
)

// newTimeline is nil when no check ran.
func newTimeline(run *verdict.Run, anchors map[*verdict.Check]string) *timeline {
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
	begin := ran[0].Started
	whole := math.Max(last.Sub(begin).Seconds()*1000, 0.001)

	t := &timeline{}
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
		from := c.Started.Sub(begin).Seconds() * 1000
		t.Bars = append(t.Bars, bar{
			X:     fmt.Sprintf("%.2f", from/whole*1000),
			Width: fmt.Sprintf("%.2f", math.Max(c.DurationMs/whole*1000, 1.2)), // else it could not be seen
			Y:     lane * laneHeight, Status: c.Status, Href: fragment(anchors[c]),
			Title: fmt.Sprintf("%s: %s, %s after %s", StatusWord(c.Status), shortened(c.Title, 120), span(c.DurationMs), span(from)),
		})
	}
	t.Height = len(lanes) * laneHeight
	for i := range 5 {
		t.Ticks = append(t.Ticks, span(whole*float64(i)/4))
	}
	t.Label = fmt.Sprintf("%s over %s, at most %d at a time", verdict.Count(len(ran), "check", "checks"), span(whole), len(lanes))
	return t
}
