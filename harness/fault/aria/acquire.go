package aria

import (
	"net/http"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
)

// acquisitionFaults break the answer to a good acquisition.
var acquisitionFaults = overrides{
	"acquire-always-xml": seams.Wrap(fault.Before(func(r *http.Request) { r.Header.Set("Accept", "application/xml") })),
	"token-object":       acquired("token", func(t token) any { return map[string]any{"value": t.Text} }),
	"expires-at-number":  acquired("expiresAt", func(t token) any { return t.ExpiresAt.UnixMilli() }),
	"xml-by-default": seams.Wrap(fault.Before(func(r *http.Request) {
		if r.Header.Get("Accept") == "*/*" {
			r.Header.Set("Accept", "application/xml")
		}
	})),
}

// sourceFaults break the optional name of a source.
var sourceFaults = overrides{
	"auth-source-refused": credentials(func(c *call) (aria.Credentials, *refusal) {
		if _, named := fault.Object(c.Body)["authSource"]; named {
			return aria.Credentials{}, &refusal{Status: http.StatusBadRequest, Message: "There is an unknown member.", Code: 400}
		}
		return c.Credentials()
	}),
	"auth-source-required": sources(func(c *call, name string) (*aria.Source, bool) {
		source, known := c.Source(name)
		return source, known && name != ""
	}),
	"auth-source-ignored": sources(func(c *call, name string) (*aria.Source, bool) {
		if source, known := c.Source(name); known {
			return source, true
		}
		return c.Source("")
	}),
}
