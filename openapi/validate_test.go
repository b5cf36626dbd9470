package openapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func answer(status int, mediaType, body string) Answer {
	h := http.Header{}
	if mediaType != "" {
		h.Set("Content-Type", mediaType)
	}
	return Answer{Status: status, Header: h, Body: []byte(body)}
}

const (
	jsonType   = "application/json"
	okSession  = `{"sessionId":"s","totpState":null,"changePasswordReason":0,"expiresAtUtc":"2020-07-30T15:41:10.3730467Z"}`
	okTicket   = `{"id":"i","token":"t","sid":"S-1-5-21-1-2-3-4","expiresAtUtc":"2020-07-30T15:41:10Z","applications":["REST API"]}`
	innerError = `{"message":"m","code":"c","innerError":%s}`
)

// with replaces the first occurrence of a part of a body.
func with(body, old, new string) string {
	if !strings.Contains(body, old) {
		panic("no " + old)
	}
	return strings.Replace(body, old, new, 1)
}

func TestValidate(t *testing.T) {
	const session, issue, renew, end, destroy, probe = "createSession", "issueToken", "renewToken", "terminateSession", "destroyToken", "probe"
	cases := []struct {
		name      string
		operation string
		answer    Answer
		want      string // requirement place expected|actual, one a line, in any order
	}{
		{"as described", session, answer(200, jsonType, okSession), ""},
		{"with a charset", session, answer(200, "Application/JSON; charset=utf-8", okSession), ""},
		{"more members", session, answer(200, jsonType, with(okSession, "{", `{"more":1,`)), ""},
		{"another status of success", session, answer(201, jsonType, okSession), "ADX-SES-01 status 200, 400, 403, 4XX|201"},
		{"another status and a broken body", session, answer(201, jsonType, with(okSession, `"s"`, `""`)),
			"ADX-SES-01 status 200, 400, 403, 4XX|201\nADX-SES-04 /sessionId a non-empty string|an empty string"},
		{"a redirect", session, answer(302, "", ""), "ADX-SES-01 status 200, 400, 403, 4XX|302"},
		{"no content for 200", session, answer(204, "", ""), "ADX-SES-01 status 200, 400, 403, 4XX|204"},
		{"a server error", session, answer(503, "", ""), "ADX-SES-14 status no 5xx|503"},
		{"another media type", session, answer(200, "text/html", okSession), "ADX-SES-03 media type application/json|text/html"},
		{"a page", session, answer(200, "text/html", "<p>"), "ADX-SES-03 media type application/json|text/html"},
		{"no media type", session, answer(200, "", okSession), "ADX-SES-03 media type application/json|no Content-Type"},
		{"a malformed media type", session, answer(200, ";;", okSession), "ADX-SES-03 media type application/json|a malformed Content-Type"},
		{"an unusual media type", session, answer(200, "x/y", okSession), "ADX-SES-03 media type application/json|another media type"},
		{"an empty body", session, answer(200, jsonType, ""), "ADX-SES-03 body a body that is not blank|an empty body"},
		{"a blank body", session, answer(200, jsonType, " \n"), "ADX-SES-03 body a body that is not blank|nothing but white space"},
		{"malformed JSON", session, answer(200, jsonType, `{"sessionId":`), "ADX-SES-03 body one well-formed JSON value|malformed JSON in 13 bytes"},
		{"an array", session, answer(200, jsonType, "[]"), "ADX-SES-03 body an object|an empty array"},
		{"null", session, answer(200, jsonType, "null"), "ADX-SES-03 body an object|null"},
		{"a second value", session, answer(200, jsonType, okSession+"{}"), "ADX-SES-03 body nothing after the JSON value|2 more bytes"},
		{"white space after it", session, answer(200, jsonType, okSession+" \r\n"), ""},
		{"a member twice", session, answer(200, jsonType, with(okSession, "{", `{"sessionId":"x",`)), "ADX-SES-03 /sessionId each member once|the member twice"},
		{"an unknown member twice", session, answer(200, jsonType, with(okSession, "{", `{"x":1,"x":2,`)), "ADX-SES-03 /* each member once|the member twice"},
		{"not UTF-8", session, answer(200, jsonType, with(okSession, `"s"`, "\"\xff\"")), "ADX-SES-03 body JSON in UTF-8 (RFC 8259, 8.1)|bytes that are not UTF-8"},
		{"a byte order mark", session, answer(200, jsonType, "\ufeff"+okSession), "ADX-SES-03 body JSON without a byte order mark (RFC 8259, 8.1)|a byte order mark before the value"},
		{"totpState absent", session, answer(200, jsonType, with(okSession, `"totpState":null,`, "")), "ADX-SES-18 /totpState null|missing"},
		{"totpState a string", session, answer(200, jsonType, with(okSession, `:null`, `:"x"`)), "ADX-SES-18 /totpState null|a string of 1 character"},
		{"changePasswordReason absent", session, answer(200, jsonType, with(okSession, `"changePasswordReason":0,`, "")), "ADX-SES-19 /changePasswordReason one of 0, 1, 2|missing"},
		{"changePasswordReason 3", session, answer(200, jsonType, with(okSession, `:0`, `:3`)), "ADX-SES-19 /changePasswordReason one of 0, 1, 2|a number, 3"},
		{"changePasswordReason a string", session, answer(200, jsonType, with(okSession, `:0`, `:"0"`)), "ADX-SES-19 /changePasswordReason one of 0, 1, 2|a string of 1 character, \"0\""},
		{"changePasswordReason 2", session, answer(200, jsonType, with(okSession, `:0`, `:2`)), ""},
		{"a date-time without a zone", session, answer(200, jsonType, with(okSession, "467Z", "467")), ""},
		{"an impossible date", session, answer(200, jsonType, with(okSession, "07-30", "02-30")), "ADX-SES-05 /expiresAtUtc a date-time|a string of 28 characters, \"2020-02-30T15:41:10.3730467Z\""},
		{"no member", session, answer(200, jsonType, "{}"), "ADX-SES-04 /sessionId a non-empty string|missing\nADX-SES-05 /expiresAtUtc a date-time|missing\n" +
			"ADX-SES-18 /totpState null|missing\nADX-SES-19 /changePasswordReason one of 0, 1, 2|missing"},

		{"a ticket", issue, answer(200, jsonType, okTicket), ""},
		{"a ticket with the bracketed name", issue, answer(200, jsonType, with(okTicket, "REST API", "<REST API>")), ""},
		{"id null", issue, answer(200, jsonType, with(okTicket, `"i"`, "null")), "ADX-TOK-03 /id a non-empty string|null"},
		{"token a number", issue, answer(200, jsonType, with(okTicket, `"t"`, "7")), "ADX-TOK-04 /token a non-empty string|a number of 1 character"},
		{"sid empty", issue, answer(200, jsonType, with(okTicket, "S-1-5-21-1-2-3-4", "")), "ADX-TOK-05 /sid a security identifier (S-1-…)|an empty string"},
		{"sid of no revision 1", issue, answer(200, jsonType, with(okTicket, "S-1", "S-2")), "ADX-TOK-05 /sid a security identifier (S-1-…)|a string of 16 characters, \"S-2-5-21-1-2-3-4\""},
		{"expiresAtUtc a boolean, true", issue, answer(200, jsonType, with(okTicket, `"2020-07-30T15:41:10Z"`, "true")), "ADX-TOK-06 /expiresAtUtc a date-time|a boolean, true"},
		{"applications empty", issue, answer(200, jsonType, with(okTicket, `"REST API"`, "")), "ADX-TOK-08 /applications an array of exactly 1 element|an empty array"},
		{"applications two", issue, answer(200, jsonType, with(okTicket, `"REST API"`, `"REST API","REST API"`)), "ADX-TOK-08 /applications an array of exactly 1 element|an array of 2 elements"},
		{"applications another", issue, answer(200, jsonType, with(okTicket, "REST API", "Web")), `ADX-TOK-08 /applications/0 one of "REST API", "<REST API>"|a string of 3 characters, "Web"`},
		{"applications an object", issue, answer(200, jsonType, with(okTicket, `["REST API"]`, `{"a":1}`)), "ADX-TOK-08 /applications an array of exactly 1 element|an object of 1 member"},
		{"created", issue, answer(201, jsonType, okTicket), "ADX-TOK-01 status 200, 400, 403, 4XX|201"},
		{"text", issue, answer(200, "text/plain", okTicket), "ADX-TOK-02 media type application/json|text/plain"},
		{"a server error on issue", issue, answer(500, "", ""), "ADX-TOK-15 status no 5xx|500"},

		{"renewed", renew, answer(200, jsonType, okTicket), ""},
		{"renewed with a broken sid", renew, answer(200, jsonType, with(okTicket, "S-1", "S-2")), "ADX-REN-01 /sid a security identifier (S-1-…)|a string of 16 characters, \"S-2-5-21-1-2-3-4\""},
		{"renewed as text", renew, answer(200, "text/plain", okTicket), "ADX-REN-01 media type application/json|text/plain"},
		{"renewed with nothing", renew, answer(200, jsonType, ""), "ADX-REN-01 body a body that is not blank|an empty body"},
		{"renewed with 202", renew, answer(202, jsonType, okTicket), "ADX-REN-01 status 200, 400, 403, 4XX|202"},
		{"a server error on renewal", renew, answer(500, "", ""), "ADX-REN-15 status no 5xx|500"},

		{"ended", end, answer(204, "", ""), ""},
		{"ended with 200", end, answer(200, "", ""), "ADX-END-01 status 204, 4XX|200"},
		{"ended with bytes", end, answer(204, "", "{}"), "ADX-NOC-01 body no content|2 bytes"},
		{"ended with a length", end, Answer{Status: 204, Header: http.Header{"Content-Length": {"12"}}}, "ADX-NOC-01 Content-Length none, or 0|another value"},
		{"ended with length 0", end, Answer{Status: 204, Header: http.Header{"Content-Length": {"0"}}}, ""},
		{"ended in chunks", end, Answer{Status: 204, Header: http.Header{"Transfer-Encoding": {"chunked"}}}, "ADX-NOC-01 Transfer-Encoding none|present"},
		{"a server error on termination", end, answer(500, "", ""), "ADX-END-08 status no 5xx|500"},
		{"destroyed", destroy, answer(204, "", ""), ""},
		{"destroyed with bytes", destroy, answer(204, jsonType, "null"), "ADX-NOC-02 body no content|4 bytes"},
		{"destroyed with 200", destroy, answer(200, jsonType, "{}"), "ADX-DST-01 status 204, 4XX|200"},
		{"a server error on destruction", destroy, answer(500, "", ""), "ADX-DST-16 status no 5xx|500"},
		{"probed", probe, answer(200, jsonType, `{"guid":null,"objectTypeCode":"2"}`), ""},
		{"probed with a page", probe, answer(200, "text/html", "<p>"), "ADX-TOK-09 media type application/json|text/html"},
		{"a server error on the probe", probe, answer(502, "", ""), "ADX-ERR-02 status no 5xx|502"},

		{"a described refusal", issue, answer(401, jsonType, `{"message":"m","code":"c"}`), ""},
		{"a refusal without a word", issue, answer(401, "", ""), "ADX-ERR-01 body a body that is not blank|an empty body"},
		{"a blank refusal", session, answer(403, "text/plain", "  "), "ADX-ERR-01 body a body that is not blank|nothing but white space"},
		{"a refusal in prose", renew, answer(403, "text/plain", "no"), "ADX-ERR-03 media type application/json|text/plain"},
		{"a refusal that is malformed", renew, answer(400, jsonType, "no"), "ADX-ERR-03 body one well-formed JSON value|malformed JSON in 2 bytes"},
		{"a refusal without members", session, answer(404, jsonType, "{}"), "ADX-ERR-03 /code a string or an integer|missing\nADX-ERR-03 /message a string|missing"},
		{"modelState on 400", session, answer(400, jsonType, `{"message":"m","code":"c","modelState":{"a":["b"]}}`), ""},
		{"modelState as text", session, answer(400, jsonType, `{"message":"m","code":"c","modelState":"x"}`), "ADX-ERR-04 /modelState an object|a string of 1 character"},
		{"modelState on 403", session, answer(403, jsonType, `{"message":"m","code":"c","modelState":{}}`), "ADX-ERR-04 /modelState no modelState, which belongs to 400|an empty object"},
		{"modelState on 401", session, answer(401, jsonType, `{"message":"m","code":"c","modelState":{}}`), "ADX-ERR-04 /modelState no modelState, which belongs to 400|an empty object"},
		{"innerError on 400", session, answer(400, jsonType, fmt.Sprintf(innerError, "{}")), "ADX-ERR-05 /innerError no innerError, which belongs to 403|an empty object"},
		{"innerError on 404", session, answer(404, jsonType, fmt.Sprintf(innerError, "{}")), "ADX-ERR-05 /innerError no innerError, which belongs to 403|an empty object"},
		{"attempts left", session, answer(403, jsonType, fmt.Sprintf(innerError, `{"message":"m","code":"invalidCredentials","attemptsLeft":2}`)), ""},
		{"no attempts left", session, answer(403, jsonType, fmt.Sprintf(innerError, `{"message":"m","code":"invalidCredentials"}`)), ""},
		{"attempts left of another code", session, answer(403, jsonType, fmt.Sprintf(innerError, `{"message":"m","code":"accountExpired","attemptsLeft":2}`)),
			"ADX-ERR-06 /innerError/attemptsLeft an integer, and only beside the code invalidCredentials|a number, 2"},
		{"attempts left as text", session, answer(403, jsonType, fmt.Sprintf(innerError, `{"message":"m","code":"invalidCredentials","attemptsLeft":"2"}`)),
			"ADX-ERR-06 /innerError/attemptsLeft an integer, and only beside the code invalidCredentials|a string of 1 character, \"2\""},
		{"another inner code", session, answer(403, jsonType, fmt.Sprintf(innerError, `{"message":"m","code":"odd"}`)),
			`ADX-ERR-05 /innerError/code one of "invalidCredentials", "accessDenied", "accountIsDisabled", "accountLockedOut", "accountExpired", "logonTimeIncorrect"|a string of 3 characters, "odd"`},
		{"no inner message", session, answer(403, jsonType, fmt.Sprintf(innerError, `{"code":"accessDenied"}`)), "ADX-ERR-05 /innerError/message a string|missing"},
		{"innerError as text", session, answer(403, jsonType, fmt.Sprintf(innerError, `"x"`)), "ADX-ERR-05 /innerError an object|a string of 1 character"},
		{"a probe refused without a word", probe, answer(401, "", ""), "ADX-ERR-03 body a body that is not blank|an empty body"},
		{"a destruction refused without a word", destroy, answer(401, "", ""), "ADX-ERR-03 body a body that is not blank|an empty body"},
	}
	d := mustLoad(t, "adaxes-2023.2")
	for _, c := range cases {
		t.Run(c.operation+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			o, err := d.Operation(c.operation)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, o.Validate(c.answer), c.want)
		})
	}
}

func compare(t *testing.T, differences []Difference, want string) {
	t.Helper()
	got := []string{}
	for _, d := range differences {
		got = append(got, fmt.Sprintf("%s %s %s|%s", d.Requirement, d.Place, d.Expected, d.Actual))
	}
	wanted := []string{}
	if want != "" {
		wanted = strings.Split(want, "\n")
	}
	slices.Sort(got)
	slices.Sort(wanted)
	if !slices.Equal(got, wanted) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(wanted, "\n  "))
	}
}

// The later profile asks less of a session, and does not mind what it no longer lists.
func TestLaterProfileListsLess(t *testing.T) {
	o := mustFind(t, "adaxes-2025.1", "createSession")
	compare(t, o.Validate(answer(200, jsonType, `{"sessionId":"s","expiresAtUtc":"2020-07-30T15:41:10Z"}`)), "")
	compare(t, o.Validate(answer(200, jsonType, with(okSession, ":0", ":9"))), "")
}

// What other systems need and these contracts do not use: media types built on JSON, bodies of text, required headers.
func TestValidateOtherKindsOfContract(t *testing.T) {
	d, err := loadText(map[string]string{"made.yaml": madeHead + `paths:
  /hal:
    post:
      operationId: hal
      responses:
        '201':
          description: made
          x-requirement: R-STATUS
          x-requirement-media: R-MEDIA
          headers:
            location: {required: true, x-requirement: R-LOCATION, schema: {type: string, minLength: 1}}
          content:
            application/hal+json:
              schema: {type: object, required: [n], properties: {n: {type: [integer, 'null'], x-requirement: R-N, minimum: 5}}}
  /nullable:
    post:
      operationId: nullable
      responses:
        '200':
          description: as OpenAPI 3.0 says it
          x-requirement: R-NULL
          content: {application/json: {schema: {type: integer, nullable: true}}}
  /text:
    post:
      operationId: text
      responses:
        '200':
          description: text
          x-requirement: R-TEXT
          content:
            '*/*':
              schema: {type: string, pattern: '^[A-Za-z0-9+/]+=*\n?$', x-secret: token}
        default: {description: anything}
`})
	if err != nil {
		t.Fatal(err)
	}
	hal, _ := d.Operation("hal")
	text, _ := d.Operation("text")
	located := func(value, body string) Answer {
		a := answer(201, "application/hal+json", body)
		a.Header.Set("Location", value)
		return a
	}
	compare(t, hal.Validate(located("/x", `{"n":5}`)), "")
	compare(t, hal.Validate(located("/x", `{"n":null}`)), "")
	compare(t, hal.Validate(located("", `{"n":4}`)), "R-LOCATION Location a non-empty string|an empty string\nR-N /n an integer of at least 5 or null|a number, 4")
	compare(t, hal.Validate(answer(201, jsonType, `{}`)),
		"R-LOCATION Location the header|missing\nR-MEDIA media type application/hal+json|application/json\nR-N /n an integer of at least 5 or null|missing")
	nullable, _ := d.Operation("nullable")
	compare(t, nullable.Validate(answer(200, jsonType, `null`)), "")
	compare(t, nullable.Validate(answer(200, jsonType, `"x"`)), "R-NULL body an integer or null|a string of 1 character")
	compare(t, text.Validate(answer(200, "", "QUJD\n")), "")
	compare(t, text.Validate(answer(200, "text/html", `"QUJD"`)), `R-TEXT body a string that matches ^[A-Za-z0-9+/]+=*\n?$|a string of 6 characters`)
	compare(t, text.Validate(answer(200, "text/plain", "")), `R-TEXT body a string that matches ^[A-Za-z0-9+/]+=*\n?$|an empty string`)
	compare(t, text.Validate(answer(200, "text/plain", "\xff")), "R-TEXT body text in UTF-8|bytes that are not UTF-8")
	compare(t, text.Validate(answer(418, "", "")), "")
	if got := text.SecretsIn([]byte("QUJD\n"), true, 200); !slices.Equal(got, []Secret{{"token", "QUJD"}}) {
		t.Errorf("secrets of a text: %v", got)
	}
}

// Nothing that an answer says gets into a difference, wherever it stands, short of numbers and what looks like a date.
func TestDifferencesQuoteNothing(t *testing.T) {
	const secret = "hunter2-SECRET"
	q := `"` + secret + `"`
	bodies := []string{
		secret, q, "[" + q + "]", `{"id":` + q, okTicket + secret, `{` + q + `:1,` + q + `:2}`,
		`{"id":[` + q + `],"token":{` + q + `:1},"sid":` + q + `,"expiresAtUtc":` + q + `,"applications":[` + q + `,` + q + `]}`,
		`{"message":[` + q + `],"code":{` + q + `:` + q + `},"modelState":` + q + `,"innerError":{"code":` + q + `,"message":[` + q + `],"attemptsLeft":` + q + `}}`,
		`{"sessionId":[` + q + `],"totpState":` + q + `,"changePasswordReason":` + q + `,"expiresAtUtc":` + q + `}`,
	}
	for _, profile := range Profiles() {
		for _, o := range mustLoad(t, profile).Operations() {
			for _, status := range []int{200, 201, 204, 302, 400, 401, 403, 500} {
				for _, mediaType := range []string{jsonType, secret, "x/" + secret, jsonType + ";a=" + secret} {
					for _, body := range bodies {
						a := answer(status, mediaType, body)
						a.Header.Set("Content-Length", secret)
						a.Header.Set("Transfer-Encoding", secret)
						a.Header.Set("Adm-Service", secret)
						for _, d := range o.Validate(a) {
							if strings.Contains(strings.ToLower(fmt.Sprint(d)), strings.ToLower(secret)) {
								t.Fatalf("%s %s: %+v", profile, o.ID(), d)
							}
							if d.Requirement == "" || d.Place == "" || d.Expected == "" || d.Actual == "" {
								t.Fatalf("%s %s: incomplete: %+v", profile, o.ID(), d)
							}
						}
					}
				}
			}
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	d := mustLoad(b, "adaxes-2023.2")
	for _, c := range []struct {
		operation string
		answer    Answer
	}{
		{"createSession", answer(200, jsonType, okSession)},
		{"issueToken", answer(200, jsonType, okTicket)},
		{"issueToken", answer(401, jsonType, `{"message":"m","code":"c"}`)},
		{"createSession", answer(403, jsonType, fmt.Sprintf(innerError, `{"message":"m","code":"accessDenied"}`))},
	} {
		o, err := d.Operation(c.operation)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%s/%d", c.operation, c.answer.Status), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if found := o.Validate(c.answer); len(found) > 0 {
					b.Fatal(found)
				}
			}
		})
	}
}
