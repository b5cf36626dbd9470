package container

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
)

// ownerLabel names the process that made something, so that a later one can tell that it has gone.
const ownerLabel = "org.example.conform.owner"

// Leftovers lists what an engine holds under a label ("key" or "key=value"), in words.
func Leftovers(ctx context.Context, label string) ([]string, error) {
	api, err := client.New(client.FromEnv)
	if err != nil {
		return nil, fmt.Errorf("opening the container engine: %w", err)
	}
	defer func() { _ = api.Close() }()
	found, err := list(ctx, api, label)
	if err != nil {
		return nil, err
	}
	var words []string
	for _, f := range found {
		words = append(words, f.kind+" "+f.name)
	}
	return words, nil
}

// found is one thing in an engine.
type found struct {
	kind, id, name string
	owner          string
}

// list finds everything with the label, in the order in which it can be removed.
func list(ctx context.Context, api client.APIClient, label string) ([]found, error) {
	filters := client.Filters{}.Add("label", label)
	var all []found
	containers, err := api.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: filters})
	if err != nil {
		return nil, fmt.Errorf("listing containers: %w", err)
	}
	for _, c := range containers.Items {
		all = append(all, found{"container", c.ID, strings.Join(c.Names, " "), c.Labels[ownerLabel]})
	}
	networks, err := api.NetworkList(ctx, client.NetworkListOptions{Filters: filters})
	if err != nil {
		return nil, fmt.Errorf("listing networks: %w", err)
	}
	for _, n := range networks.Items {
		all = append(all, found{"network", n.ID, n.Name, n.Labels[ownerLabel]})
	}
	images, err := api.ImageList(ctx, client.ImageListOptions{Filters: filters})
	if err != nil {
		return nil, fmt.Errorf("listing images: %w", err)
	}
	for _, i := range images.Items {
		all = append(all, found{"image", i.ID, strings.Join(append(i.RepoTags, i.ID), " "), i.Labels[ownerLabel]})
	}
	return all, nil
}

// remove takes away everything with the label.
func remove(ctx context.Context, api client.APIClient, label string) error {
	all, err := list(ctx, api, label)
	for _, f := range all {
		err = errors.Join(err, f.remove(ctx, api))
	}
	return err
}

func (f found) remove(ctx context.Context, api client.APIClient) error {
	var err error
	switch f.kind {
	case "container":
		_, err = api.ContainerRemove(ctx, f.id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	case "network":
		_, err = api.NetworkRemove(ctx, f.id, client.NetworkRemoveOptions{})
	case "image":
		_, err = api.ImageRemove(ctx, f.id, client.ImageRemoveOptions{Force: true, PruneChildren: true})
	}
	// What has gone already, or is just going, needs no removing.
	if err != nil && !errdefs.IsNotFound(err) && !strings.Contains(err.Error(), "already in progress") {
		return fmt.Errorf("removing the %s %s: %w", f.kind, f.name, err)
	}
	return nil
}

// sweepStale removes what processes of this machine left that ended without a Close: killed, or out of memory.
func (e *Engine) sweepStale(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, closeTime)
	defer cancel()
	all, err := list(ctx, e.api, ownerLabel)
	for _, f := range all {
		if gone(f.owner) {
			err = errors.Join(err, f.remove(ctx, e.api))
		}
	}
	return err
}

// owner names this process: where its number counts, the number, and when it started, since numbers come round again.
func owner() string {
	return strings.Join([]string{place(), strconv.Itoa(os.Getpid()), started(os.Getpid())}, "/")
}

// gone reports whether the process that owner named has ended. Of a process on another machine, in another container,
// or before the last boot it cannot be told from here: what that one left is left alone.
func gone(name string) bool {
	parts := strings.Split(name, "/")
	if len(parts) != 3 || parts[0] == "" || parts[0] != place() {
		return false
	}
	pid, err := strconv.Atoi(parts[1])
	return err == nil && started(pid) != parts[2]
}

// place names the boot of the machine and the namespace in which process numbers count, empty where it cannot tell.
func place() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	namespace, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(boot)) + "," + namespace
}

// started is the process's start in clock ticks since boot, empty where there is no such process.
func started(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	// The name, in parentheses, may hold anything; the start is the twentieth field after it.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 20 {
		return ""
	}
	return fields[19]
}
