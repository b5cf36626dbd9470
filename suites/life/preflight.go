package life

import (
	"context"
	"net/http"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/spelling"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// preflight logs in, gets what opens the probe, and probes with it. What it finds wrong with the way to the server, with the
// credentials or with the probe itself is said once; what the server does otherwise than promised is left to the checks.
// Its requests are written as the document's first sample is: a server that understands nothing else is one to be judged.
func (a *API) preflight(ctx context.Context) *check.Problem {
	a.withhold()
	a.spelt = append(a.spelt, a.asSampled()...)
	if a.isGiven(a.Operation(Probe).Takes()[0].Kind) {
		return a.withGiven(ctx)
	}
	flight := As(evidence.Preflight)
	answer := a.LogIn(ctx, a.Target.Account, flight)
	c, ok := a.Read(answer)
	if !ok && answer.Err == nil && misread[answer.Status] {
		answer = a.Spelt().LogIn(ctx, a.Target.Account, flight)
		c, ok = a.Read(answer)
	}
	if !ok && a.dialect.Refused != nil {
		problem, judged := a.dialect.Refused(ctx, a, answer)
		if judged {
			return problem
		}
	}
	if !ok {
		return a.refusal(answer)
	}
	probe := a.Operation(Probe)
	for _, h := range a.way(probe.Takes()[0].Kind)[1:] {
		answer = a.Present(ctx, h.By.ID(), c, flight)
		if c, ok = a.Read(answer); !ok {
			if problem := a.balanced(ctx); problem != nil {
				return problem
			}
			return notTheAPI(answer)
		}
	}
	good := a.Use(ctx, c, flight)
	if check.Granted(good) || good.Err != nil {
		return nil
	}
	if problem := notTheAPI(good); problem != nil {
		return problem
	}
	if problem := a.balanced(ctx); problem != nil {
		return problem
	}
	if a.dialect.Unopened != nil {
		if problem := a.dialect.Unopened(ctx, a, c); problem != nil {
			return problem
		}
	}
	made := a.Use(ctx, c, flight, instead(role(probe.Takes()[0]), sent{text: a.MadeUp(c.Value)}))
	return check.ProbeAtFault("the probe, "+describe(good, a.Target.URL), good, made,
		"set probe in the target file to a read-only request that the account may make, such as "+a.dialect.Example)
}

// asSampled writes a request as the document's first sample is.
func (a *API) asSampled() (options []Option) {
	for _, slug := range a.Client.Document().Samples().First {
		if sp, err := spelling.Of(slug); err == nil { // else the declaration of the checks has said so
			options = append(options, With(sp.Write))
		}
	}
	return options
}

// refusal is what stands in the way where a login gives nothing; nil where that is for the checks to judge.
func (a *API) refusal(answer *client.Answer) *check.Problem {
	if problem := check.Reach(answer); problem != nil {
		return problem
	}
	return a.Case.Refused(answer, a.word(answer), a.dialect.MayDo)
}

// notTheAPI is the problem of a gateway that answers in the place of an API which has answered before; nil of any other answer.
func notTheAPI(answer *client.Answer) *check.Problem {
	if client.InStead(answer) == "" {
		return nil
	}
	return check.Reach(answer)
}

// misread are statuses of a request that was not understood, where that its credentials were refused would be another.
var misread = map[int]bool{
	http.StatusBadRequest: true, http.StatusLengthRequired: true, http.StatusUnsupportedMediaType: true,
	http.StatusUnprocessableEntity: true, http.StatusInternalServerError: true,
}

// way is what hands out one after the other, from the login to a credential of a kind.
func (a *API) way(kind string) []*openapi.HandOut {
	h := a.hand(kind)
	if h.From == "" {
		return []*openapi.HandOut{h}
	}
	return append(a.way(h.From), h)
}

// describe is a request in words, below the target's own address.
func describe(answer *client.Answer, base string) string {
	return answer.Method + " " + strings.TrimPrefix(answer.URL, base)
}

func (a *API) word(answer *client.Answer) string {
	if a.dialect.Word == nil || a.dialect.Word(answer) == "" {
		return ""
	}
	return "(" + a.dialect.Word(answer) + ")"
}
