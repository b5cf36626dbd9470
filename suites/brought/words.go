package brought

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.org/conform/openapi"
)

func sorted(ways map[string]openapi.Place) []string { return slices.Sorted(maps.Keys(ways)) }

func lower(text string) string { return strings.ToLower(text) }

func upper(text string) string { return strings.ToUpper(text) }

// oneOf says statuses in words.
func oneOf(statuses []int) string {
	var all []string
	for _, status := range statuses {
		all = append(all, fmt.Sprint(status))
	}
	return strings.Join(all, " or ")
}
