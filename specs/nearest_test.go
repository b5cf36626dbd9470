package specs

import "testing"

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"passwordExpired", "disabled", "expired", "url", "adaxes-2023.2", "adaxes-2025.1"}
	for name, want := range map[string]string{
		"passwordExpird":  "passwordExpired",
		"PASSWORDEXPIRED": "passwordExpired",
		"disable":         "disabled",
		"expires":         "expired",
		"uri":             "url",
		"instances":       "",
		"":                "",
		"adaxes-2025.2":   "adaxes-2025.1", // as near as 2023.2, and begins more alike
		"zz":              "",
	} {
		if got := nearest(name, known); got != want {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
	if got := nearest("x", nil); got != "" {
		t.Errorf("Nearest among none = %q", got)
	}
}
