namespace VSan.Tests.Bench;

/// <summary>The process of a target, as far as it can be looked into.</summary>
/// <param name="Id">Process id, for CPU time.</param>
/// <param name="KernelCalls">System calls of its rings since the start; null where nobody counts them.</param>
internal sealed record TargetProcess(int Id, Func<long>? KernelCalls = null);
