package openapi

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The forms in which an answer states when its credential ends, beside an RFC 3339 date-time.
const (
	// EndsAtSeconds and EndsAtMilliseconds are numbers since 1970, and EndsInSeconds and EndsInMilliseconds from the answer on.
	EndsAtSeconds, EndsAtMilliseconds = "seconds", "milliseconds"
	EndsInSeconds, EndsInMilliseconds = "in-seconds", "in-milliseconds"
	// EndsInJWT is the exp of a JWT (RFC 7519, 4.1.4), which may be the credential itself.
	EndsInJWT = "jwt"
	// EndsAsHTTP is a date as HTTP writes it (RFC 9110, 5.6.7).
	EndsAsHTTP = "http-date"
	// EndsWithCookie is the Max-Age or Expires of a cookie (RFC 6265, 4.1.2).
	EndsWithCookie = "cookie"
)

// EndForms are the values of endsAs.
func EndForms() []string {
	return []string{"date-time", EndsAtSeconds, EndsAtMilliseconds, EndsInSeconds, EndsInMilliseconds, EndsInJWT, EndsAsHTTP, EndsWithCookie}
}

func (h *HandOut) checkEnd(in string) error {
	switch {
	case h.EndsAs == "":
	case !slices.Contains(EndForms(), h.EndsAs):
		return said(in, "endsAs must be one of %s", strings.Join(EndForms(), ", "))
	case h.Ends == "":
		return said(in, "endsAs says in which form the end is stated, and ends does not say where")
	case h.EndsAs == EndsWithCookie && !strings.HasPrefix(string(h.Ends), cookieExpression):
		return said(in, "endsAs is cookie, and ends is no $response.cookie.NAME")
	}
	return nil
}

const cookieExpression = "$response.cookie."

// End is when a credential ends, as an exchange states it: a moment as RFC 3339 writes it, or how long it lives from the answer on. Both are
// zero where it states none that can be read.
func (h *HandOut) End(x Exchange) (moment string, lives time.Duration) {
	if h.Ends == "" {
		return "", 0
	}
	text, ok := h.Ends.Read(x)
	if !ok {
		return "", 0
	}
	switch h.EndsAs {
	case "", "date-time":
		return text, 0
	case EndsWithCookie:
		return cookieEnd(x.Header, strings.TrimPrefix(string(h.Ends), cookieExpression))
	case EndsAsHTTP:
		if t, err := http.ParseTime(text); err == nil {
			return t.UTC().Format(time.RFC3339), 0
		}
		return "", 0
	case EndsInJWT:
		return expOf(text), 0
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || number < 0 || number > 1e14 {
		return "", 0
	}
	switch h.EndsAs {
	case EndsAtSeconds:
		return time.Unix(int64(number), 0).UTC().Format(time.RFC3339), 0
	case EndsAtMilliseconds:
		return time.UnixMilli(int64(number)).UTC().Format("2006-01-02T15:04:05.000Z07:00"), 0
	case EndsInSeconds:
		return "", bounded32(number) * time.Second
	}
	return "", bounded32(number) * time.Millisecond
}

// bounded32 keeps a number of units within what a Duration holds.
func bounded32(number float64) time.Duration { return time.Duration(min(number, 1<<31)) }

// Relative reports whether the end is stated from the answer on.
func (h *HandOut) Relative() bool {
	return h.EndsAs == EndsInSeconds || h.EndsAs == EndsInMilliseconds || h.EndsAs == EndsWithCookie
}

// expOf is the exp of a JWT as RFC 3339 writes it, "" where it has none.
func expOf(token string) string {
	segments := strings.Split(token, ".")
	if len(segments) != 3 {
		return ""
	}
	claims, err := base64.RawURLEncoding.DecodeString(segments[1])
	var of struct {
		Exp json.Number `json:"exp"`
	}
	if err != nil || json.Unmarshal(claims, &of) != nil {
		return ""
	}
	exp, err := of.Exp.Float64()
	if err != nil || exp < 0 || exp > 1e11 {
		return ""
	}
	return time.Unix(int64(exp), 0).UTC().Format(time.RFC3339)
}

// cookieEnd is when a cookie ends: its Max-Age goes before its Expires (RFC 6265, 4.1.2.2).
func cookieEnd(header http.Header, name string) (moment string, lives time.Duration) {
	for _, c := range (&http.Response{Header: header}).Cookies() {
		switch {
		case !strings.EqualFold(c.Name, name):
		case c.MaxAge > 0:
			return "", bounded32(float64(c.MaxAge)) * time.Second
		case !c.Expires.IsZero():
			return c.Expires.UTC().Format(time.RFC3339), 0
		}
	}
	return "", 0
}

// ParseTime reads an RFC 3339 date-time. Its T and Z may be small letters (RFC 3339, 5.6). One that names no zone is of UTC: whether it
// has to name one is for the contract to say.
func ParseTime(text string) (time.Time, error) {
	upper := strings.ToUpper(text)
	if t, err := time.Parse(time.RFC3339Nano, upper+"Z"); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339Nano, upper)
}
