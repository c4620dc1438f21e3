using System.Runtime.InteropServices;
using VSan.Interop.Uring;
using VSan.Reactor;
using Xunit;

namespace VSan.Tests.Unit.Reactor;

/// <summary>Which engine a ring gets where io_uring is forbidden, as a container's seccomp profile does: by a filter of the test's own thread.</summary>
public sealed class EngineTests
{
    [Fact]
    public void Auto_IoUringForbidden_IsEpollAndSaysWhatToDo()
    {
        using var ring = new Ring(0, new RingOptions(4 * 1024 * 1024));
        WithoutIoUring(ring.Start);
        Assert.Equal(EngineKind.Epoll, ring.Engine);
        Assert.Contains("io_uring_setup", ring.EngineRefusal, StringComparison.Ordinal);
        ring.Stop();
    }

    [Fact]
    public void Uring_IoUringForbidden_DoesNotStart()
    {
        using var ring = new Ring(0, new RingOptions(4 * 1024 * 1024, Engine: EngineKind.Uring));
        WithoutIoUring(() => Assert.Throws<UringException>(ring.Start));
    }

    [Fact]
    public void Auto_IoUringAllowed_IsIoUring()
    {
        using var ring = new Ring(0, new RingOptions(4 * 1024 * 1024));
        ring.Start();
        Assert.Equal((EngineKind.Uring, null), (ring.Engine, ring.EngineRefusal));
        ring.Stop();
    }

    /// <summary>Runs work on a thread of its own for which io_uring_setup fails with EPERM, and for all threads that it starts.</summary>
    private static void WithoutIoUring(Action work)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            failure = Record.Exception(() =>
            {
                SystemCallFilter.Forbid(systemCall: 425);
                work();
            });
        });
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    /// <summary>A seccomp filter in the kernel's classic BPF.</summary>
    private static unsafe class SystemCallFilter
    {
        private const int SetNoNewPrivileges = 38, SetSeccomp = 22, ModeFilter = 2;
        private const uint Allow = 0x7FFF0000, FailWithNotPermitted = 0x00050001;
        private const ushort LoadWord = 0x20, JumpIfEqual = 0x15, Return = 0x06;

        internal static void Forbid(uint systemCall)
        {
            // struct seccomp_data begins with the number.
            Instruction* program = stackalloc Instruction[]
            {
                new(LoadWord, 0, 0, 0),
                new(JumpIfEqual, 0, 1, systemCall),
                new(Return, 0, 0, FailWithNotPermitted),
                new(Return, 0, 0, Allow),
            };
            var filter = new Filter { Length = 4, Program = program };
            Assert.Equal(0, Control(SetNoNewPrivileges, 1, 0, 0, 0));
            Assert.Equal(0, Control(SetSeccomp, ModeFilter, (nint)(&filter), 0, 0));
        }

        [DllImport("libc", EntryPoint = "prctl")]
        private static extern int Control(int option, nint a, nint b, nint c, nint d);

        [StructLayout(LayoutKind.Sequential)]
        private readonly struct Instruction(ushort code, byte ifTrue, byte ifFalse, uint constant)
        {
            public readonly ushort Code = code;
            public readonly byte IfTrue = ifTrue;
            public readonly byte IfFalse = ifFalse;
            public readonly uint Constant = constant;
        }

        [StructLayout(LayoutKind.Sequential)]
        private struct Filter
        {
            public ushort Length;
            public Instruction* Program;
        }
    }
}
