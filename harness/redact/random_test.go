package redact

import (
	"slices"
	"testing"
)

func TestLooksRandom(t *testing.T) {
	t.Parallel()
	for _, word := range []string{
		"550e8400-e29b-41d4-a716-446655440000", "9f86d081884c7d659a2feaa0c55ad015", "Zk81mQ27xLp0RtY5vB3n", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
		"NB2HI4DTHIXS6Z3XO3WS44TFONSWC", "SECRETCOOKIE0f3a9d7e61b2c48d", "GmXqNsLwPtRbVcYdHfJk", "90213478561290347856129",
	} {
		if !LooksRandom(word) {
			t.Errorf("%s is not taken for random", word)
		}
	}
	for _, word := range []string{
		"", "4711", "2026.1.3.48012-release", "S-1-5-21-3623811015-3361044348-30300820-1013", "strict-origin-when-cross-origin", "InvalidUsernameOrPassword",
		"application/problem+json", "Microsoft-HTTPAPI/2.0", "1764228215123456789", "directoryObjects", "192.168.100.200-10.0.0.1", "UserSession", "svc@example.com",
		"Europe/Berlin-Brandenburg", "2026-11-27T07", "https", "aria-operations-8.18.2.24081543",
	} {
		if LooksRandom(word) {
			t.Errorf("%s is taken for random", word)
		}
	}
}

func TestRandomWords(t *testing.T) {
	t.Parallel()
	const id = "Zk81mQ27xLp0RtY5vB3n"
	for text, want := range map[string][]string{
		"https://host.example.com:8443/api/sessions/" + id + "?next=/home": {id},
		`{"error":"no session ` + id + `, try again"}`:                     {id},
		"Bearer ab/cd" + id + "==":                                         {"ab/cd" + id},
		"a::" + id + "\r\n" + id:                                           {id, id},
		"Fri, 27 Nov 2026 07:23:35 GMT":                                    nil,
	} {
		if got := slices.Collect(RandomWords(text)); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
