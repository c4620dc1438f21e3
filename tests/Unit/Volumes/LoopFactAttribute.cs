using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

/// <summary>A test that needs a loop device, and says so where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LoopFactAttribute : FactAttribute
{
    /// <inheritdoc/>
    public override string? Skip { get; set; } = LoopDevice.Missing;
}
