package spelt

import (
	"context"
	"maps"

	"example.org/conform/harness/client"
	"example.org/conform/harness/spelling"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// trusted are fields that a server, or what stands before it, may take for more than a client's word: who comes with them comes from a gateway,
// from the machine itself or from a page, or has been let in elsewhere.
var trusted = [][2]string{
	{"Authorization", "Bearer conform"}, {"Authorization", "Basic Y29uZm9ybTpjb25mb3Jt"}, {"Authorization", "Negotiate Y29uZm9ybQ=="},
	{"Cookie", "session=conform; token=conform; auth=conform; sid=conform; JSESSIONID=conform; PyramidAuth=conform"},
	{"X-Forwarded-For", "127.0.0.1"}, {"X-Real-IP", "127.0.0.1"}, {"Forwarded", "for=127.0.0.1;proto=https"}, {"X-Forwarded-Proto", "https"},
	{"X-Forwarded-User", "conform"}, {"X-Remote-User", "conform"}, {"Remote-User", "conform"}, {"X-Auth-Token", "conform"}, {"X-Api-Key", "conform"},
	{"X-HTTP-Method-Override", "GET"}, {"X-Original-URL", "/"}, {"X-Requested-With", "XMLHttpRequest"}, {"X-Debug", "1"}, {"X-Internal", "true"},
	{"Origin", "http://localhost"}, {"Referer", "http://localhost/"},
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
				api.Life().ExpectRefusedEachWay(ctx, op, p, nobodysWays(s.Contract, op), nil)
			}, check.Proves(p.Requirement), check.Sweeping(), check.Generated("spelt.Declare", s.Contract.Place(p.Requirement+"/"+p.Slug)))
			s.Check("outlives-errors", "accepts a credential also after requests that came to nothing", func(ctx context.Context, api A) {
				api.Life().ExpectOutlivesErrors(ctx, op, p)
			}, check.Proves(op.SuccessRequirement()), check.Sweeping(), check.Refuses(2), check.Generated("spelt.Declare", s.Contract.Place(op.SuccessRequirement())))
		}
	}
}

func nobodysWays(doc *openapi.Document, op *openapi.Operation) (ways []life.Way) {
	with := func(words string, change func(*client.Request)) {
		ways = append(ways, life.Way{Words: words, Write: life.With(change)})
	}
	for _, sp := range spelling.All() {
		if sp.Changes(doc) && sp.Slug != spelling.HTTP2 {
			with("for requests with "+sp.Words, sp.Write)
		}
	}
	for _, field := range trusted {
		if field[0] != op.CredentialHeader() {
			ways = append(ways, life.Way{Words: "with " + field[0] + ": " + field[1], Write: life.Header(field[0], field[1])})
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
	for _, word := range check.Nobodys {
		words := "with the word " + word + " in its place"
		ways = append(ways, life.Way{Words: words, Write: life.InsteadOf(op, word)})
		if field := op.CredentialHeader(); field != "" {
			ways = append(ways, life.Way{Words: words + ", and nothing beside it", Write: life.Header(field, word)})
		}
	}
	if place := op.Takes()[0]; place.In == "body" {
		for _, no := range noTexts {
			with("with "+no.words+" in its place", func(r *client.Request) {
				members, _ := r.JSON.(map[string]any)
				members = maps.Clone(members)
				if members == nil {
					members = map[string]any{}
				}
				members[place.Name] = no.value
				r.JSON = members
			})
		}
	}
	return ways
}
