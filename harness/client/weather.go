package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"example.org/conform/harness/evidence"
)

// InStead says who answered in the API's stead, so that the answer says nothing about the API; "" for the API itself. A gateway
// speaks by a page of its own (502, 503 and 504 are its statuses, RFC 9110, 15.6), a shared cache by the age of what it has kept, and whoever
// is not trusted by a certificate that is not.
func InStead(a *Answer) string {
	stranger, unknown := errors.AsType[*tls.CertificateVerificationError](a.Err)
	switch {
	case unknown:
		return "somebody answered in the API's stead whose certificate is not accepted (" + evidence.OneLine(stranger.Err.Error()) + ")"
	case a.Err != nil:
		return ""
	case gateway(a):
		return fmt.Sprintf("a gateway answered %d in the API's stead, by a page of its own", a.Status)
	case kept(a) != "":
		return fmt.Sprintf("a shared cache answered in the API's stead (%s)", kept(a))
	}
	return ""
}

// scarce is what a machine can run out of before a request leaves it.
var scarce = []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.EADDRNOTAVAIL}

// Unsent says of what this machine has no more, so that a request never left it and nothing is known of the server; "" where that is not so.
func Unsent(err error) string {
	if network, ok := errors.AsType[*net.OpError](err); !ok || network.Op != "dial" {
		return ""
	}
	for _, out := range scarce {
		if errors.Is(err, out) {
			return "this machine could not open one more connection (" + out.Error() + ")"
		}
	}
	return ""
}

// Identity is what the server that answered says of itself: its name and its versions, in the fields that say such. It is "" for one
// that says nothing.
func Identity(a *Answer) string {
	var own []string
	for name, values := range a.Header {
		if name == "Server" || name == "X-Powered-By" || strings.HasSuffix(name, "-Version") {
			own = append(own, name+": "+strings.Join(values, ", "))
		}
	}
	slices.Sort(own)
	return strings.Join(own, "; ")
}

// gateway reports whether an answer is a gateway's page.
func gateway(a *Answer) bool {
	switch a.Status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		media := a.MediaType()
		return media == "text/html" || media == "" || media == "text/plain" && media != a.Operation.ResponseMediaType() // an API may answer with texts
	}
	return false
}

// MediaType is that of the body, without parameters and in small letters; "" where the answer has none that can be read.
func (a *Answer) MediaType() string {
	media, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	return media
}

// kept is the header by which a shared cache says that it had an answer already (RFC 9111, 5.1; X-Cache is the custom of those in use),
// "" for an answer that came from the API. One that was fetched this moment has the age 0.
func kept(a *Answer) string {
	if seconds, err := strconv.Atoi(a.Header.Get("Age")); err == nil && seconds > 0 {
		return "Age: " + a.Header.Get("Age")
	}
	for _, value := range a.Header.Values("X-Cache") {
		words := strings.FieldsFunc(strings.ToUpper(value), func(r rune) bool { return r < 'A' || r > 'Z' })
		if slices.Contains(words, "HIT") {
			return "X-Cache: " + value
		}
	}
	return ""
}
