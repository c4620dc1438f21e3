using VSan.Reactor;

namespace VSan.Tests.Unit;

/// <summary>The engine that the tests' rings run on: <c>$VSAN_TEST_ENGINE</c>, so that one suite serves for all.</summary>
internal static class TestEngine
{
    internal static EngineKind Kind { get; } =
        Environment.GetEnvironmentVariable("VSAN_TEST_ENGINE") is { Length: > 0 } name ? Enum.Parse<EngineKind>(name, ignoreCase: true) : EngineKind.Uring;
}
