package kernel

import (
	"fmt"
	"reflect"
	"time"

	"example.org/conform/harness/reference/random"
)

// Config is what can be set of every server. Its zero value has the defaults.
type Config struct {
	// Password makes the password of each account; nil makes random ones that are hard to leak unnoticed.
	Password func() string
	// Clock tells the time of every decision; nil means time.Now. It is called by several goroutines at once.
	Clock func() time.Time
	// Latency is waited, in real time, before each request is looked at.
	Latency time.Duration
}

// DefaultConfig has the defaults.
func DefaultConfig() Config { return Config{Password: random.Password, Clock: time.Now} }

// Complete fills every field that is not set with the one of own, in structs within structs too. So a server takes its
// own decision wherever none is given, and the rest of its code asks what it was given alone.
func Complete[T any](given *T, own T) { complete(reflect.ValueOf(given).Elem(), reflect.ValueOf(own)) }

func complete(given, own reflect.Value) {
	if given.Kind() == reflect.Struct {
		for i := range given.NumField() {
			complete(given.Field(i), own.Field(i))
		}
		return
	}
	if given.IsZero() {
		given.Set(own)
	}
}

// Setting is a number that must not be negative, with the name that an error gives it.
type Setting struct {
	Name  string
	Value time.Duration
}

// Refuse names the first setting that is negative.
func Refuse(settings ...Setting) error {
	for _, s := range settings {
		if s.Value < 0 {
			return fmt.Errorf("the %s of %s is negative", s.Name, s.Value)
		}
	}
	return nil
}
