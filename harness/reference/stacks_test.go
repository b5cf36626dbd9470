package reference_test

import (
	"slices"
	"testing"

	"example.org/conform/harness/reference"
)

// PHP's curl goes through the whole process: it sends escaped slashes, and "+" for a blank.
func TestPHP(t *testing.T) {
	t.Parallel()
	for profile, kind := range map[string]string{"adaxes-2023.2": "0", "adaxes-2025.1": ""} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			needs(t, "php")
			s := served(t, profile)
			compareSteps(t, steps(t, s, "php", "curl.php", "TYPE="+kind), fullProcess)
			if sessions, tokens := s.Live(); sessions != 0 || tokens != 0 {
				t.Errorf("%d sessions and %d tokens are left on the server", sessions, tokens)
			}
		})
	}
}

// Java's HttpURLConnection sends its credentials once it is asked for them by a scheme that it knows.
func TestJava(t *testing.T) {
	t.Parallel()
	needs(t, "java")
	needs(t, "javac") // a lone runtime runs no sources
	if got := steps(t, served(t, "bluecat-9.5"), "java", "Basic.java"); !slices.Equal(got, []string{"log-in 201", "read 200"}) {
		t.Errorf("the steps were %q", got)
	}
}

func served(t *testing.T, profile string) *reference.Server {
	t.Helper()
	s, err := reference.Serve(reference.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}
