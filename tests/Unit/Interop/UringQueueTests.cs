using VSan.Interop;
using VSan.Interop.Uring;
using Xunit;

namespace VSan.Tests.Unit.Interop;

public sealed class UringQueueTests
{
    [Fact]
    public void Enable_OperationThatIsNotOnTheList_EndsWithEacces() => Assert.Equal(-Errno.Access, ResultOfFsync([UringOp.Nop]));

    [Fact]
    public void Enable_OperationOnTheList_ReachesTheKernel() => Assert.Equal(-Errno.BadFile, ResultOfFsync([UringOp.Nop, UringOp.Fsync]));

    [Fact]
    public unsafe void Enable_ThenRegister_IsRefused()
    {
        using UringQueue queue = new(8, 16);
        byte page = 0;
        Assert.NotEqual(-Errno.Access, queue.RegisterBuffer((nint)(&page), 1));
        queue.Enable([UringOp.Nop]);
        Assert.Equal(-Errno.Access, queue.RegisterBuffer((nint)(&page), 1));
    }

    private static unsafe int ResultOfFsync(ReadOnlySpan<UringOp> admitted)
    {
        using UringQueue queue = new(8, 16);
        queue.Enable(admitted);
        UringSqe* entry = queue.TryNextEntry();
        (entry->Opcode, entry->Fd) = (UringOp.Fsync, -1);
        Assert.Equal(0, queue.Enter(1));
        Assert.True(queue.TryTake(out UringCqe completion));
        return completion.Result;
    }
}
