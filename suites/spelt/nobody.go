package spelt

import (
	"context"
	"maps"
	"slices"

	"example.org/conform/harness/client"
	"example.org/conform/harness/spelling"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// trusted are fields that a server, or what stands before it, may take for more than a client's word: who comes with them comes from a gateway,
// from the machine itself or from a page, or has been let in elsewhere. Name is that of an account.
func trusted(name string) [][2]string {
	return [][2]string{
		{"Authorization", "Bearer conform"}, {"Authorization", "Basic Y29uZm9ybTpjb25mb3Jt"}, {"Authorization", "Negotiate Y29uZm9ybQ=="},
		{"Cookie", "session=conform; token=conform; auth=conform; sid=conform; JSESSIONID=conform; PyramidAuth=conform"},
		{"X-Forwarded-For", "127.0.0.1"}, {"X-Real-IP", "127.0.0.1"}, {"Forwarded", "for=127.0.0.1;proto=https"}, {"X-Forwarded-Proto", "https"},
		{"X-Forwarded-User", name}, {"X-Remote-User", name}, {"Remote-User", name}, {"X-Auth-Token", "conform"}, {"X-Api-Key", "conform"},
		{"X-HTTP-Method-Override", "GET"}, {"X-Original-URL", "/"}, {"X-Requested-With", "XMLHttpRequest"}, {"X-Debug", "1"}, {"X-Internal", "true"},
		{"Origin", "http://localhost"}, {"Referer", "http://localhost/"},
	}
}

// noTexts are what may stand in JSON where a credential should, and is no text.
var noTexts = []struct {
	words string
	value any
}{{"true", true}, {"false", false}, {"0", 0}, {"7", 7}, {"[]", []any{}}, {"{}", map[string]any{}}, {"a blank", "  "}}

// declareNobody declares, for each operation that is refused without a credential by whatever path, that it is so however the request is written,
// whatever comes with it, and whatever word stands in the place of the credential; and that none of that, nor any other request which comes to
// nothing, ends the credential of somebody else.
func declareNobody[A life.Living](s *check.Suite[A]) {
	for _, op := range s.Contract.Operations() {
		for _, p := range op.Promises {
			if p.Rule != "by-no-other-path" || len(op.Takes()) == 0 {
				continue
			}
			s.Check("however-written", "rejects it however it is written, and whatever comes with it", func(ctx context.Context, api A) {
				a := api.Life()
				ways := slices.Concat(Forms(s.Contract, op), Fields(op, a.Target.Account.Username), wordsForNobody(op))
				a.ExpectRefusedEachWay(ctx, op, p, ways, nil)
			}, check.Proves(p.Requirement), check.Sweeping(), check.Generated("spelt.Declare", s.Contract.Place(p.Requirement+"/"+p.Slug)))
			s.Check("outlives-errors", "accepts a credential also after requests that came to nothing", func(ctx context.Context, api A) {
				api.Life().ExpectOutlivesErrors(ctx, op, p)
			}, check.Proves(op.SuccessRequirement()), check.Sweeping(), check.Refuses(2), check.Generated("spelt.Declare", s.Contract.Place(op.SuccessRequirement())))
		}
	}
}

// Fields are ways to send a request of an operation with what a server may take for more than a client's word, that it is an account's for one.
func Fields(op *openapi.Operation, account string) (ways []life.Way) {
	for _, field := range trusted(account) {
		if field[0] != op.CredentialHeader() && field[1] != "" {
			ways = append(ways, life.Way{Words: "with " + field[0] + ": " + field[1], Write: life.Header(field[0], field[1])})
		}
	}
	return ways
}

// Forms are ways to write a request of an operation otherwise: in every spelling, with a query that it does not know, and as another medium.
func Forms(doc *openapi.Document, op *openapi.Operation) (ways []life.Way) {
	with := func(words string, change func(*client.Request)) {
		ways = append(ways, life.Way{Words: words, Write: life.With(change)})
	}
	for _, sp := range spelling.All() {
		if sp.Changes(doc) && sp.Slug != spelling.HTTP2 {
			with("for requests with "+sp.Words, sp.Write)
		}
	}
	with("with a query that it does not know", func(r *client.Request) {
		query := maps.Clone(r.Query)
		if query == nil {
			query = map[string][]string{}
		}
		query.Set("conform", "1")
		query.Set("auth", "conform")
		query.Set("access_token", "conform")
		r.Query = query
	})
	if op.RequestMediaType() != "" {
		with("as text/plain", func(r *client.Request) { r.ContentType = "text/plain" })
	}
	return ways
}

// wordsForNobody have a word stand in the place of the credential, or in JSON what is no text.
func wordsForNobody(op *openapi.Operation) (ways []life.Way) {
	for _, word := range check.Nobodys {
		words := "with the word " + word + " in its place"
		ways = append(ways, life.Way{Words: words, Write: life.InsteadOf(op, word)})
		if field := op.CredentialHeader(); field != "" {
			ways = append(ways, life.Way{Words: words + ", and nothing beside it", Write: life.Header(field, word)})
		}
	}
	if place := op.Takes()[0]; place.In == "body" {
		for _, no := range noTexts {
			ways = append(ways, life.Way{Words: "with " + no.words + " in its place", Write: life.With(func(r *client.Request) {
				members, _ := r.JSON.(map[string]any)
				members = maps.Clone(members)
				if members == nil {
					members = map[string]any{}
				}
				members[place.Name] = no.value
				r.JSON = members
			})})
		}
	}
	return ways
}
