package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"example.org/conform/harness/verdict"
)

// interrupts returns a context that ends with the first signal that asks the command to end: a run then ends what it has made, and writes
// its reports. With the second it gives up on the former, and a third ends the process whatever it does.
func interrupts() context.Context {
	signals := make(chan os.Signal, 3)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	hurry, giveUp := context.WithCancel(context.Background())
	ctx, interrupt := context.WithCancel(context.WithValue(context.Background(), hurryKey{}, hurry))
	go func() {
		<-signals
		interrupt()
		<-signals
		giveUp()
		<-signals
		fmt.Fprintln(os.Stderr, "conform: ended at once, by the third signal: reports may be missing, and what the run has made may live on")
		os.Exit(verdict.ExitIncomplete)
	}()
	return ctx
}

// hurryKey finds, in the context of a command, the one that ends with the second signal.
type hurryKey struct{}

// hurried is the context that ends when the command is to end without cleaning up.
func hurried(ctx context.Context) context.Context {
	if hurry, ok := ctx.Value(hurryKey{}).(context.Context); ok {
		return hurry
	}
	return context.Background()
}
