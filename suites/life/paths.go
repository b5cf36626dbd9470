package life

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// An otherPath is a way to write a path by which a router may find what a filter in front of it does not know.
type otherPath struct {
	words string
	write func(path string) string
	// bare says that a backslash goes without the escape that a URL needs for it.
	bare bool
}

var otherPaths = []otherPath{
	{words: "with a slash behind it", write: func(path string) string { return path + "/" }},
	{words: "with a slash twice", write: func(path string) string { return atLastSegment(path, "/") }},
	{words: "with its first slash twice", write: func(path string) string { return "/" + path }},
	{words: "with a dot for a segment", write: func(path string) string { return atLastSegment(path, "./") }},
	{words: "with a segment and the way back", write: func(path string) string { return atLastSegment(path, "conform/../") }},
	{words: "with an escaped slash", write: func(path string) string { return lastSlash(path, "%2F") }},
	{words: "with an escaped backslash", write: func(path string) string { return lastSlash(path, backslash) }},
	{words: "with a backslash", write: func(path string) string { return lastSlash(path, backslash) }, bare: true},
	{words: "in other letters", write: func(path string) string { other, _ := check.OtherCase(path); return other }},
	{words: "with a parameter of a segment", write: func(path string) string { return path + ";conform=1" }},
	{words: "with an extension", write: func(path string) string { return path + ".json" }},
	{words: "with a dot behind it", write: func(path string) string { return path + "." }},
	{words: "with a blank behind it", write: func(path string) string { return path + "%20" }},
	{words: "with a NUL behind it", write: func(path string) string { return path + "%00" }},
	{words: "with an escape that it does not need", write: func(path string) string {
		at := strings.LastIndex(path, "/") + 1
		const hex = "0123456789ABCDEF"
		if at >= len(path) || path[at] == '%' {
			return path
		}
		return path[:at] + "%" + string(hex[path[at]>>4]) + string(hex[path[at]&15]) + path[at+1:]
	}},
}

// atLastSegment puts a text before the last segment of a path.
func atLastSegment(path, text string) string {
	at := strings.LastIndex(path, "/") + 1
	return path[:at] + text + path[at:]
}

// backslash is one as a URL has it.
const backslash = "%5C"

// lastSlash puts a text in the place of the last slash of a path, unless that is its first: behind a host stands none but that.
func lastSlash(path, text string) string {
	at := strings.LastIndex(path, "/")
	if at <= 0 {
		return path
	}
	return path[:at] + text + path[at+1:]
}

// byNoOtherPath expects that who is refused without a credential is refused by every path that leads to the same, and by HEAD.
func byNoOtherPath(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	var ways []Way
	for _, other := range otherPaths {
		ways = append(ways, Way{"by the path " + other.words, a.by(op, other)})
	}
	a.ExpectRefusedEachWay(ctx, op, p, ways, func(c *Credential) { a.byHead(ctx, op, p, c) })
}

// Way is a way in which a request may come to a server that nobody has a credential for: what it is like, in words that follow "also", and
// what makes it so.
type Way struct {
	Words string
	Write Option
}

// ExpectRefusedEachWay expects that who is refused without a credential is refused in each of several ways. What else may stand there, a page
// for one, is no matter of it: it is the form of the good answer that gives it away. Last, where it is not nil, is asked with a credential that
// works.
func (a *API) ExpectRefusedEachWay(ctx context.Context, op *openapi.Operation, p openapi.Promise, ways []Way, last func(*Credential)) {
	kind := kindAt(op, p)
	c := a.Make(ctx, kind)
	good := a.Present(ctx, op.ID(), c, As(evidence.Control))
	if !check.Granted(good) {
		a.Fresh(good, c.Value, c.key)
		a.Inconclusive("the %s did not work: %s", kind, check.Describe(good))
	}
	a.Against(a.WorkingNow(ctx, op, kind), func() {
		a.Spread(ctx, len(ways), func(i int, own *API) {
			answer := own.Present(ctx, op.ID(), c, instead(role(op.Takes()[0]), sent{none: true}), Undescribed, ways[i].Write)
			if check.Granted(answer) && formOf(answer) == formOf(good) {
				own.FailGranted(p.What+" is refused, also "+ways[i].Words, check.Shown(answer))
			}
		})
		if last != nil {
			last(c)
		}
	})
}

// by writes the path of an operation in another way.
func (a *API) by(op *openapi.Operation, other otherPath) Option {
	return func(r *Request) {
		a.atPath(op, other.write)(r)
		if other.bare {
			With(func(r *client.Request) {
				r.Head = func(head []byte) []byte { return bytes.Replace(head, []byte(backslash), []byte(`\`), 1) }
			})(r)
		}
	}
}

// atPath writes the path of an operation otherwise, and leaves what is asked of it.
func (a *API) atPath(op *openapi.Operation, write func(path string) string) Option {
	return With(func(r *client.Request) {
		path, err := r.Path, error(nil)
		if path == "" {
			path, err = op.PathFor(r.PathValues)
			a.AtFault(err)
		}
		path, query, asks := strings.Cut(path, "?")
		if r.Path = write(path); asks {
			r.Path += "?" + query
		}
	})
}

// ExpectNothingByOtherPaths expects that who gets nothing of an operation gets nothing by any path that leads to the same.
func (a *API) ExpectNothingByOtherPaths(ctx context.Context, op *openapi.Operation, what string, options ...Option) {
	a.Spread(ctx, len(otherPaths), func(i int, own *API) {
		answer := own.Do(ctx, op.ID(), append([]Option{own.by(op, otherPaths[i])}, options...)...)
		own.ExpectNothing(ctx, answer, what+" by the path "+otherPaths[i].words)
	})
}

// byHead expects that HEAD opens to nobody what GET does not: it is the same request, but for the content (RFC 9110, 9.3.2). A server need
// not know it there, and where the content tells what works it tells nothing.
func (a *API) byHead(ctx context.Context, op *openapi.Operation, p openapi.Promise, c *Credential) {
	head := With(func(r *client.Request) { r.Method = http.MethodHead })
	byContent := op.NeedsMore() || slices.ContainsFunc(op.DeadStatuses(), func(status int) bool { return status/100 == 2 })
	if byContent || op.Method() != http.MethodGet || !check.Granted(a.Present(ctx, op.ID(), c, Undescribed, head)) {
		return
	}
	answer := a.Present(ctx, op.ID(), c, instead(role(op.Takes()[0]), sent{none: true}), Undescribed, head)
	if check.Granted(answer) {
		a.Fail(p.What+" is refused, also by HEAD", check.Shown(answer))
	}
}
