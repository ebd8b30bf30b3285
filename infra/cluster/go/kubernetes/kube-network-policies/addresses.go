package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	coreinformers "k8s.io/client-go/informers/core/v1"
	"k8s.io/client-go/tools/cache"
)

// The kubelet tells the address of a pod when all its containers have been started, and the first of them has long asked somebody by
// then. The results of CNI, kept on the node, have it before any container starts.
type pods struct {
	coreinformers.PodInformer
	results string
}

func (p pods) Informer() cache.SharedIndexInformer {
	return informer{p.PodInformer.Informer(), p.results}
}

type informer struct {
	cache.SharedIndexInformer
	results string
}

func (i informer) GetIndexer() cache.Indexer {
	return indexer{i.SharedIndexInformer.GetIndexer(), i.results}
}

type indexer struct {
	cache.Indexer
	results string
}

// ByIndex is asked for the pods that have an address.
func (i indexer) ByIndex(name, address string) ([]interface{}, error) {
	found, err := i.Indexer.ByIndex(name, address)
	if err != nil || len(found) > 0 {
		return found, err
	}
	if key := given(i.results, address); key != "" {
		if pod, exists, err := i.GetByKey(key); err == nil && exists {
			return []interface{}{pod}, nil
		}
	}
	return found, nil
}

type result struct {
	CNIArgs [][2]string `json:"cniArgs"`
	Result  struct {
		IPs []struct {
			Address string `json:"address"`
		} `json:"ips"`
	} `json:"result"`
}

// given answers namespace/name of the pod that CNI has given the address to.
func given(results, address string) string {
	files, _ := filepath.Glob(filepath.Join(results, "*-eth0"))
	for _, file := range files {
		content, err := os.ReadFile(file)
		var told result
		if err != nil || json.Unmarshal(content, &told) != nil {
			continue
		}
		for _, ip := range told.Result.IPs {
			if strings.HasPrefix(ip.Address, address+"/") {
				arguments := map[string]string{}
				for _, argument := range told.CNIArgs {
					arguments[argument[0]] = argument[1]
				}
				return arguments["K8S_POD_NAMESPACE"] + "/" + arguments["K8S_POD_NAME"]
			}
		}
	}
	return ""
}
