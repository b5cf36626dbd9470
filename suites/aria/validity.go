package aria

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"math/big"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// validity declares the checks of the member that says when a token ends.
func validity(s *check.Suite[*API]) {
	s.Check("later", "gives a validity later than the moment of the response", func(ctx context.Context, api *API) {
		made := api.Make(ctx, token)
		ends, said := api.validity(made)
		from, _ := api.window(ctx, made)
		api.Require(ends.After(from), "validity, in milliseconds since 1970, later than the moment of the response, "+stamp(from), said)
	}, check.Proves("ARO-VAL-02"))

	s.Check("ahead", "gives a validity that is a whole lifetime ahead", func(ctx context.Context, api *API) {
		made := api.Make(ctx, token)
		ends, said := api.validity(made)
		from, to := api.window(ctx, made)
		lifetime := lifetime(api.API)
		words, slack := lifetime.String(), tolerance(lifetime)
		if api.Target.Lifetimes.Token == 0 {
			words += " by the document; lifetimes.token in the target states another"
		}
		earliest, latest := from.Add(lifetime-slack), to.Add(lifetime+slack)
		api.Require(!ends.Before(earliest) && !ends.After(latest),
			"validity a whole lifetime ("+words+") ahead, between "+stamp(earliest)+" and "+stamp(latest), said)
	}, check.Proves("ARO-VAL-03"))
}

// lifetime is how long a token lives from its last call: what the target states, or what the document does; 0 where neither does.
func lifetime(a *life.API) time.Duration {
	return cmp.Or(a.Target.Lifetimes.Token, time.Duration(a.Client.Document().HandOuts(token)[0].Lasts))
}

// validity reads the member, or ends the check: that it is an integer is another check's matter. Said is the moment for
// a message.
func (a *API) validity(c *life.Credential) (ends time.Time, said string) {
	number, ok := millis(c)
	if !ok {
		a.Inconclusive("the answer has no integer validity to read: %s", check.Describe(c.Given))
	}
	ends = time.UnixMilli(number)
	said = stamp(ends)
	if number < math.MaxInt32 && ends.Before(c.Given.Received) {
		said += " (as seconds it would be " + stamp(time.Unix(number, 0)) + ")"
	}
	return ends, said
}

// millis is the number of the member.
func millis(c *life.Credential) (number int64, ok bool) {
	var body struct{ Validity json.Number }
	if json.Unmarshal(c.Given.Body, &body) != nil {
		return 0, false
	}
	exact, _, err := big.ParseFloat(body.Validity.String(), 10, 128, big.ToNearestEven) // 1e12 and 1.0 are integers too
	if err != nil || !exact.IsInt() {
		return 0, false
	}
	number, _ = exact.Int64()
	return number, true
}

// states holds the validity of any token that is handed out against its lifetime, as far as the server's clock is known by then. One
// that is handed out again may have spent a part of it. What is stated in whole seconds may be kept so.
func states(a *life.API, c *life.Credential) {
	number, ok := millis(c)
	if ok && number%1000 == 0 {
		a.KeptBy(time.Second, c)
	}
	if _, _, dated := check.Dated(c.Given); !ok || !dated || a.Shared(c.Key()) {
		return
	}
	ends, whole := time.UnixMilli(number), lifetime(a)
	from, to := bounds(c.Given)
	earliest, latest := from.Add(whole-tolerance(whole)), to.Add(whole+tolerance(whole))
	switch {
	case !ends.After(from):
		a.Misstated(c, "ARO-VAL-02", "validity", "later than the moment of the response, "+stamp(from), ends)
	case whole > 0 && (ends.Before(earliest) || ends.After(latest)):
		a.Misstated(c, "ARO-VAL-03", "validity", "a whole lifetime ahead, between "+stamp(earliest)+" and "+stamp(latest), ends)
	}
}

// window bounds the moment, by the server's clock, at which the server judged an acquisition: as its Dates tell, and as this
// machine's clock does, since a proxy may write the Date. Where a lifetime is short, the server is asked until its clock is
// known well.
func (a *API) window(ctx context.Context, c *life.Credential) (from, to time.Time) {
	clock := c.Given.Clock
	a.ByClock(!clock.Known())
	for range ticks {
		if lifetime(a.API) > ticks*check.ClockSlack || clock.Width() < check.ClockSlack/ticks*2 {
			break
		}
		a.WaitUntil(ctx, time.Now().Add(check.ClockSlack/ticks), "the server's Date to go on")
		a.Use(ctx, c)
	}
	return bounds(c.Given)
}

// bounds are those of window, by what is known of the clock.
func bounds(answer *client.Answer) (from, to time.Time) {
	from, _ = answer.Clock.Theirs(answer.Sent)
	_, to = answer.Clock.Theirs(answer.Received)
	if from.After(answer.Received) || to.Before(answer.Sent) {
		from, to = check.Earlier(from, answer.Sent), check.Later(to, answer.Received)
	}
	return from, to
}

// ticks is how often a second a clock is looked at.
const ticks = 10

// tolerance is how far a validity may be from a lifetime ahead: a minute, but never more than a tenth of a lifetime that
// is short, and never less than clocks may differ by.
func tolerance(lifetime time.Duration) time.Duration {
	return max(check.ClockSlack, min(time.Minute, lifetime/10))
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
