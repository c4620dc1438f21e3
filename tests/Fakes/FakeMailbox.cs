using VSan.Iscsi;

namespace VSan.Tests.Fakes;

/// <summary>A ring's thread in a test: posted work waits until the test runs it.</summary>
internal sealed class FakeMailbox : IRingMailbox
{
    private readonly Queue<Action> _work = new();

    public void Post(Action work) => _work.Enqueue(work);

    public void Run()
    {
        while (_work.TryDequeue(out Action? work)) work();
    }
}
