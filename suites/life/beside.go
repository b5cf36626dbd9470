package life

import (
	"bytes"
	"context"
	"encoding/json"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// beyond is a character of those that need two units of UTF-16, and escaped how JSON writes it in ASCII (RFC 8259, 7).
const beyond, escaped = "\U0001F511", `\ud83d\udd11`

// anyTextBeside expects that a credential in a body works whatever texts stand beside it, where it works beside other ones than the
// operator's: a character that needs two units of UTF-16, as it is and escaped.
func anyTextBeside(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	c := a.Make(ctx, kindAt(op, p))
	send := func(more string, escape bool) *client.Answer {
		return a.Present(ctx, op.ID(), c, With(func(r *client.Request) {
			r.JSON = lengthened(r.JSON, c.Value, more)
			if data, err := json.Marshal(r.JSON); err == nil && escape {
				r.JSON, r.Body = nil, bytes.ReplaceAll(data, []byte(beyond), []byte(escaped))
			}
		}))
	}
	if answer := send("x", false); !check.Granted(answer) {
		a.Fresh(answer, c.Value, c.key)
		a.Skip("with another text in it than the operator's the probe is answered "+check.Describe(answer), "nothing: the promise is empty for this probe")
	}
	for _, escape := range []bool{false, true} {
		a.ExpectGranted(send(beyond, escape), c.key, "a "+c.Kind+" works beside a text with a character beyond 16 bits")
	}
}

// lengthened is a value of JSON with more at the end of each of its texts but that of the credential.
func lengthened(value any, but, more string) any {
	switch v := value.(type) {
	case string:
		if v != but {
			return v + more
		}
	case []any:
		all := make([]any, len(v))
		for i, each := range v {
			all[i] = lengthened(each, but, more)
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for name, each := range v {
			all[name] = lengthened(each, but, more)
		}
		return all
	}
	return value
}
