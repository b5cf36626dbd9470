package hostile

import (
	"encoding/base64"
	"net"
	"strconv"
	"sync/atomic"
)

// elsewhere are answers that send a client somewhere, or have it come again.
func elsewhere() []row {
	both := []moment{always, later}
	once := []moment{always}
	moved := func(to func(t *turn) string) says {
		return func(t *turn) bool { return refused(307, text("Location: "+to(t)+"\r\n"))(t) }
	}
	fixed := func(to string) says { return moved(func(*turn) string { return to }) }
	var hops atomic.Int64
	rows := []row{
		{"moved-to-itself", "sends everybody to where they are", moved(func(t *turn) string { return t.Request.URL.RequestURI() }), both},
		{"moved-on-and-on", "sends everybody on, to another path each time", moved(func(*turn) string { return "/hop/" + strconv.FormatInt(hops.Add(1), 10) }), once},
		{"moved-very-far", "sends everybody to a URL of 10 MB", fixed("/" + long(10_000_000, "a")), once},
		{"moved-far", "sends everybody to a URL of 900 kB", fixed("/" + long(900_000, "a")), once},
		{"moved-to-file", "sends everybody to a file", fixed("file:///etc/passwd"), once},
		{"moved-to-script", "sends everybody to a script", fixed("javascript:alert(1)//\x1b[31m"), once},
		{"moved-to-silence", "sends everybody to a port where nobody answers", func(t *turn) bool {
			silent, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return false
			}
			defer func() { _ = silent.Close() }()
			moved(func(*turn) string { return "http://" + silent.Addr().String() + t.Request.URL.RequestURI() })(t)
			return t.hold()
		}, once},
		{"moved-to-no-url", "sends everybody to what is no URL", fixed("http://[::1%zz]:99999999/%zz\xff"), once},
		{"challenges-ten-thousand", "ten thousand challenges with each 401", refused(401, numbered(10_000, func(i int) string {
			return "WWW-Authenticate: Scheme" + strconv.Itoa(i) + " realm=\"r\"\r\n"
		})), both},
		{"challenge-of-900-kB", "a challenge of 900 kB with each 401", refused(401, text("WWW-Authenticate: Basic realm=\""+long(900_000, "r")+"\"\r\n")), once},
	}
	for _, challenge := range []struct {
		name    string
		message []byte
	}{
		{"again", ntlmChallenge(0, nil)},
		{"cut", []byte("NTLMSSP\x00\x02\x00")},
		{"beyond", ntlmChallenge(60_000, nil)},
		{"of-500-kB", ntlmChallenge(60_000, make([]byte, 350_000))},
	} {
		rows = append(rows, row{"ntlm-" + challenge.name, "401 with an NTLM challenge to everything: " + challenge.name, refused(401,
			text("WWW-Authenticate: NTLM "+base64.StdEncoding.EncodeToString(challenge.message)+"\r\nWWW-Authenticate: Negotiate\r\n")), once})
	}
	for _, after := range []struct{ name, value string }{
		{"huge", "92233720368"}, {"beyond", long(400, "9")}, {"in-years", "315360000"}, {"negative", "-5"},
		{"in-9999", "Fri, 31 Dec 9999 23:59:59 GMT"}, {"long-ago", "Thu, 01 Jan 1970 00:00:00 GMT"}, {"none", "soon"}, {"zero", "0"},
	} {
		rows = append(rows, row{"retry-after-" + after.name, "429, to come again after " + after.value[:min(len(after.value), 40)],
			refused(429, text("Retry-After: "+after.value+"\r\n")), []moment{later}})
	}
	return append(rows,
		row{"unavailable-for-years", "503, to come again after years", refused(503, text("Retry-After: 315360000\r\n")), both},
		row{"unavailable-in-9999", "503, to come again in 9999", refused(503, text("Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n")), []moment{often}})
}

// ntlmChallenge is a CHALLENGE_MESSAGE ([MS-NLMP], 2.2.1.2) that says so much of the length of its target info.
func ntlmChallenge(said uint16, info []byte) []byte {
	length := []byte{byte(said), byte(said >> 8)}
	m := append([]byte("NTLMSSP\x00\x02\x00\x00\x00"), 0, 0, 0, 0, 56, 0, 0, 0)           // no target name
	m = append(m, 0x05, 0x82, 0x89, 0xa2, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0) // flags, challenge, reserved
	m = append(append(m, length...), length...)
	m = append(m, 56, 0, 0, 0, 10, 0, 0x61, 0x4a, 0, 0, 0, 15)
	return append(m, info...)
}
