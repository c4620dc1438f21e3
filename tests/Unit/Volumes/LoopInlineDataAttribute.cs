using System.Reflection;
using VSan.Tests.Harness;
using Xunit.Sdk;

namespace VSan.Tests.Unit.Volumes;

/// <summary>A row that needs a loop device, and says so where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class LoopInlineDataAttribute(params object[] data) : DataAttribute
{
    /// <inheritdoc/>
    public override string? Skip { get; set; } = LoopDevice.Missing;

    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [data];
}
