using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Crash;

/// <summary>A block server on a disk that is being recorded.</summary>
/// <param name="Server">The server.</param>
/// <param name="Setup">What it serves.</param>
/// <param name="Folder">Where the disk is mounted, now and in each state.</param>
/// <param name="Position">Length of the disk's write log now.</param>
internal sealed record RecordedServer(BlockServerUnderTest Server, BlockServerSetup Setup, string Folder, Func<long> Position);
