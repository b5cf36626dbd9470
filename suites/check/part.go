package check

import (
	"context"
	"fmt"
	"sync"

	"example.org/conform/harness/client"
	"example.org/conform/harness/verdict"
)

// Part is what came of a part of a check that was made apart from it.
type Part struct {
	// End is nil where the part came to its own end.
	End *End
	// Answers are those that it got, in order.
	Answers []*client.Answer
}

// Together makes n parts of the check at the same time, each as a case of its own, and waits for all. What they made, and what
// they saw broken in passing, is the check's. Their exchanges are evidence of it only where it shows them.
func (c *Case) Together(ctx context.Context, n int, part func(i int, own *Case)) []Part {
	parts, cases := make([]Part, n), make([]*Case, n)
	var all sync.WaitGroup
	for i := range n {
		own := &Case{Env: c.Env, def: c.def, attempt: c.attempt, waits: c.waits, lives: c.lives, controlled: c.controlled, asking: c.asking}
		cases[i] = own
		all.Go(func() {
			defer func() { parts[i] = Part{endOf(ctx, recover()), own.saw.Answers} }()
			part(i, own)
		})
	}
	all.Wait()
	for _, own := range cases {
		c.saw.Seen, c.saw.Made = append(c.saw.Seen, own.saw.Seen...), append(c.saw.Made, own.saw.Made...)
		c.saw.Dropped += own.saw.Dropped
		c.saw.Spared = c.saw.Spared || own.saw.Spared
		c.saw.Weather = c.saw.Weather || own.saw.Weather
		c.saw.Lost, c.saw.Shared = c.saw.Lost || own.saw.Lost, c.saw.Shared || own.saw.Shared
	}
	return parts
}

// abreast is how many of the tries that are spread go at the same time.
const abreast = 4

// Spread makes n tries, some at a time, and ends the check as the first that ends early. Where that is a breach the rest is tried too, and how
// many of all break: one that does is another fault than all. What came of the rest is no evidence of its own.
func (c *Case) Spread(ctx context.Context, n int, try func(i int, own *Case)) {
	lanes := min(n, abreast)
	first, broken := make([]*Part, lanes), make([]int, lanes)
	for _, lane := range c.Together(ctx, lanes, func(from int, lane *Case) {
		for i := from; i < n; i += abreast {
			made := lane.Together(ctx, 1, func(_ int, own *Case) { try(i, own) })[0]
			failed := made.End != nil && made.End.Status == verdict.Failed
			switch {
			case first[from] != nil:
			case made.End != nil:
				first[from] = &made
			default:
				lane.Exhibit(made.Answers)
			}
			if failed {
				broken[from]++
			} else if made.End != nil {
				return
			}
		}
	}) {
		c.Exhibit(lane.Answers)
	}
	var ended *Part
	all := 0
	for i, part := range first {
		all += broken[i]
		switch {
		case part == nil:
		case ended == nil:
			ended = part
		default:
			c.Exhibit(part.Answers)
		}
	}
	if ended == nil {
		return
	}
	c.Exhibit(ended.Answers) // what ended it stands last
	end := *ended.End
	if end.Status == verdict.Failed && n > 1 {
		share := fmt.Sprintf("; %d of %d tries break it", all, n)
		if all == 1 {
			share = fmt.Sprintf("; of %d tries no other breaks it", n)
		}
		end.Actual, end.Reason = end.Actual+share, end.Reason+share
	}
	c.EndAs(&end)
}

// OnOneConnection makes a part of the check on a connection of its own.
func (c *Case) OnOneConnection(ctx context.Context, part func(own *Case)) {
	one, end := c.Client.OnOneConnection()
	defer end()
	made := c.Together(ctx, 1, func(_ int, own *Case) {
		own.Otherwise(func(env *Env) { env.Client = one })
		part(own)
	})[0]
	c.Exhibit(made.Answers)
	if made.End != nil {
		c.EndAs(made.End)
	}
}

// Exhibit makes exchanges evidence of the check, which a part of it or another check of the run had.
func (c *Case) Exhibit(answers []*client.Answer) { c.saw.Answers = append(c.saw.Answers, answers...) }

// EndAs ends the check as a part of it, or of another check of the run, has ended.
func (c *Case) EndAs(end *End) { panic(end) }
