using System.Runtime.Versioning;
using Xunit;

// The tests measure resident memory and time on a small machine, and each starts several processes: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: SupportedOSPlatform("linux")]
