// Most of these tests wait for other processes, so more of them run at once than there are processors.
[assembly: CollectionBehavior(MaxParallelThreads = 8)]
