package openapi

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// What a contract says stands where it is said to stand.
func TestPlace(t *testing.T) {
	t.Parallel()
	for _, profile := range Profiles() {
		d, err := Load(profile)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range d.Operations() {
			for _, name := range append(o.SuccessRequirements(), o.ID()) {
				file, line, _ := strings.Cut(strings.TrimPrefix(d.Place(name), "openapi/"), ":")
				text, err := os.ReadFile(file)
				if err != nil {
					t.Errorf("%s in %s: %v", name, profile, err)
					continue
				}
				var number int
				if _, err := fmt.Sscan(line, &number); err != nil || !strings.Contains(strings.Split(string(text), "\n")[number-1], name) {
					t.Errorf("%s in %s is not at %s", name, profile, d.Place(name))
				}
			}
		}
		if place := d.Place("ADX-SES-99"); place != "" {
			t.Errorf("a requirement that nobody names is at %s", place)
		}
	}
}
