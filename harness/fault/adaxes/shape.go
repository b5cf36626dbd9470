package adaxes

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/reference/adaxes"
)

// shapes are the ways in which the answer to an operation is not one JSON object, sent as application/json.
func shapes(prefix, requirement string, operation adaxes.Operation) []Fault {
	var faults []Fault
	for _, s := range []struct {
		name, story, reason string
		change              func(*answer)
	}{
		{"as-text", "the media type is the framework's default for a string", "media type", func(a *answer) {
			a.Header.Set("Content-Type", "text/plain; charset=utf-8")
		}},
		{"without-media-type", "the body is written past the framework, which then sets no Content-Type", "no Content-Type", func(a *answer) {
			a.Header["Content-Type"] = nil
		}},
		{"without-body", "the handler ends before the serializer is flushed", "an empty body", body(func(string) string { return "" })},
		{"in-an-array", "the answer is one row of a query, sent as the list of rows", "an array", body(func(s string) string { return "[" + s + "]" })},
		{"as-a-string", "the object is serialized twice", "a string", body(func(s string) string {
			quoted, _ := json.Marshal(s) // a string always has a JSON form
			return string(quoted)
		})},
		{"with-a-member-twice", "two layers add the same member", "the member twice", body(func(s string) string {
			last := s[strings.LastIndex(s, `,"`)+1 : len(s)-1]
			return s[:len(s)-1] + "," + last + "}"
		})},
		{"with-trailing-text", "a diagnostic line is appended to every page", "after the JSON value", body(func(s string) string {
			return s + "\n<!-- served in 3 ms -->"
		})},
		{"cut-short", "the length is counted in characters of another encoding, and the end is lost", "malformed JSON", body(func(s string) string {
			return s[:len(s)-1]
		})},
		{"with-byte-order-mark", "the body is written through a file encoder", "byte order mark", body(func(s string) string { return "\ufeff" + s })},
	} {
		faults = append(faults, Fault{
			Name: prefix + "-" + s.name, Requirement: requirement, Story: s.story, Reason: s.reason, Apply: granted(operation, s.change),
		})
	}
	return faults
}

// dates are the ways in which expiresAtUtc is no RFC 3339 date-time in the future.
func dates(prefix, requirement string, operation adaxes.Operation) []Fault {
	layout := func(l string) func(time.Time) any { return func(t time.Time) any { return t.UTC().Format(l) } }
	var faults []Fault
	for _, d := range []struct {
		name, story, reason string
		format              func(time.Time) any
	}{
		{"as-net-date", "an old serializer writes dates in the form of Microsoft AJAX", "/expiresAtUtc", func(t time.Time) any {
			return fmt.Sprintf("/Date(%d)/", t.UnixMilli())
		}},
		{"as-a-number", "the expiry is sent as seconds since 1970", "/expiresAtUtc", func(t time.Time) any { return t.Unix() }},
		{"without-zone", "the date has no kind, and the serializer leaves the zone out", "/expiresAtUtc", layout("2006-01-02T15:04:05.0000000")},
		{"with-a-blank", "the date is written as the database writes it", "/expiresAtUtc", layout("2006-01-02 15:04:05Z")},
		{"as-http-date", "the date is written as HTTP headers write it", "/expiresAtUtc", layout(http.TimeFormat)},
		{"impossible", "the day is added to without carrying the month", "/expiresAtUtc", layout("2006-02-30T15:04:05Z")},
		{"blank", "an expiry that is not set yet is sent as an empty string", "/expiresAtUtc", func(time.Time) any { return "" }},
		{"null", "an expiry that is not set yet is sent as null", "/expiresAtUtc", func(time.Time) any { return nil }},
		{"in-the-past", "local time, west of Greenwich, is labelled as UTC", "later than the moment of the response", func(t time.Time) any {
			return t.UTC().Add(-5 * time.Hour).Format("2006-01-02T15:04:05.0000000Z")
		}},
	} {
		faults = append(faults, Fault{
			Name: prefix + "-expiry-" + d.name, Requirement: requirement, Story: d.story, Reason: d.reason,
			Apply: granted(operation, stamped(d.format)),
		})
	}
	return append(faults,
		Fault{Name: prefix + "-expiry-missing", Requirement: requirement, Story: "the expiry is left to the client's knowledge of the settings",
			Reason: "/expiresAtUtc", Apply: granted(operation, drop("expiresAtUtc"))},
		Fault{Name: prefix + "-expiry-missing-now-and-then", Requirement: requirement, Story: "one node of a farm runs an older release",
			Reason: "/expiresAtUtc", Apply: everyGranted(5, operation, drop("expiresAtUtc"))},
		Fault{Name: prefix + "-expiry-renamed", Requirement: requirement, Story: "the member is written in the case of the class",
			Reason: "/expiresAtUtc", Apply: granted(operation, rename("expiresAtUtc", "ExpiresAtUtc"))},
	)
}

// local writes the expiry with the offset of a zone east of Greenwich.
func local(t time.Time) any {
	return t.In(time.FixedZone("", 2*60*60)).Format("2006-01-02T15:04:05.0000000Z07:00")
}
