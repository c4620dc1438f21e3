using VSan.IscsiInitiator;
using VSan.Tests.Harness;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Crash;

/// <summary>A way to use volumes that can be recorded.</summary>
/// <param name="Name">For the table and the seed.</param>
/// <param name="RecordAsync">Records it: scratch, folder of the logs, seed, sabotage.</param>
internal sealed record CrashWorkload(string Name, Func<Scratch, TestDirectory, int, string?, Task<CrashRecord>> RecordAsync);

/// <summary>What has been recorded, and the judge of its states.</summary>
/// <param name="Disk">The disk.</param>
/// <param name="Changes">Changes that were acknowledged.</param>
/// <param name="CompareAsync">Gets a session, the log's length at the cut, and a writer for the first fault.</param>
internal sealed record CrashRecord(DiskRecording Disk, long Changes, Func<IscsiSession, long, TextWriter, Task<CrashCount>> CompareAsync);
