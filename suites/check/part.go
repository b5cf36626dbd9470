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

// Spread makes n tries, some at a time, and ends the check as the first that ends early. Where that is a breach the rest is tried too, and it is
// said how many of all break: one that does is another fault than all. What came of the rest is no evidence of its own.
func (c *Case) Spread(ctx context.Context, n int, try func(i int, own *Case)) {
	type lane struct {
		ended        *Part // the first that ended early
		made, broken int
	}
	lanes := make([]lane, min(n, abreast))
	for _, whole := range c.Together(ctx, len(lanes), func(from int, own *Case) {
		of := &lanes[from]
		for i := from; i < n; i += abreast {
			part := own.Together(ctx, 1, func(_ int, own *Case) { try(i, own) })[0]
			if of.ended == nil && part.End != nil {
				of.ended = &part
			} else if of.ended == nil {
				own.Exhibit(part.Answers)
			}
			switch {
			case part.End == nil:
			case part.End.Status == verdict.Failed:
				of.broken++
			default:
				return
			}
			of.made++
		}
	}) {
		c.Exhibit(whole.Answers)
	}
	var first *Part
	made, broken := 0, 0
	for _, of := range lanes {
		made, broken = made+of.made, broken+of.broken
		switch {
		case of.ended == nil:
		case first == nil:
			first = of.ended
		default:
			c.Exhibit(of.ended.Answers)
		}
	}
	if first == nil {
		return
	}
	c.Exhibit(first.Answers) // what ended it stands last
	end := *first.End
	if end.Status == verdict.Failed && made == n && n > 1 {
		share := fmt.Sprintf("; %d of %d tries break it", broken, n)
		if broken == 1 {
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
