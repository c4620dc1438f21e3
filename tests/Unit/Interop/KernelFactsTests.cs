using System.Diagnostics;
using Xunit;

namespace VSan.Tests.Unit.Interop;

public sealed class KernelFactsTests
{
    [Fact]
    public void Structs_AgainstKernelHeaders_HaveTheSizesOffsetsAndConstantsThatTheCompilerSees()
        => Assert.Equal(string.Empty, Compile(KernelFacts.Program()));

    [Fact]
    public void Structs_WithOneWrongAssertion_DoNotCompile()
        => Assert.Contains("planted", Compile(KernelFacts.Program("_Static_assert(sizeof(struct io_uring_sqe) == 63, \"planted\");")), StringComparison.Ordinal);

    [Fact]
    public void Program_ForTheSubmissionEntry_AssertsItsUserData()
        => Assert.Contains("offsetof(struct io_uring_sqe, user_data) == 32", KernelFacts.Program(), StringComparison.Ordinal);

    private static string Compile(string program)
    {
        var start = new ProcessStartInfo("gcc", ["-fsyntax-only", "-x", "c", "-"]) { RedirectStandardInput = true, RedirectStandardError = true };
        using Process gcc = Process.Start(start)!;
        gcc.StandardInput.Write(program);
        gcc.StandardInput.Close();
        string errors = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        return errors;
    }
}
