using VSan.Tests.Fakes;
using VSan.Tests.Fuzz.Oracles;
using VSan.Tests.Fuzz.Scripts;

namespace VSan.Tests.Fuzz.Running;

/// <summary>
/// One script against the protocol code, with every oracle; then, for some, the same bytes cut elsewhere, which must give the same answers.
/// Whatever the target throws comes out of <see cref="Execute"/>.
/// </summary>
internal sealed class ScriptRun
{
    private const int AllocatedPerInputByte = 4;

    /// <summary>A login, its text, its session; and for a connection that waits for another of its session the first piece of the backlog.</summary>
    private const int AllocatedPerConnection = 2 * 64 * 1024;

    private readonly World _world;
    private readonly FakeTransport[] _transports;
    private FuzzPeer[] _peers = [];
    private readonly List<(Step Step, byte[] Bytes)> _tape = [];
    private bool _stalled;
    private long _inputBytes;
    private long _allocated;
    private int _connections;

    public ScriptRun(World world)
    {
        _world = world;
        _transports = [.. Enumerable.Range(0, Script.ConnectionsMax).Select(_ => new FakeTransport())];
    }

    /// <summary>PDUs that the target sent.</summary>
    public int Answers => _peers.Sum(peer => peer.Conversation.Answers);

    /// <summary>Runs a script; on return the world is clean.</summary>
    /// <param name="script">What happens.</param>
    /// <param name="cuts">Where the second run cuts the bytes; null: there is none.</param>
    /// <exception cref="FindingException">An oracle says no.</exception>
    public void Execute(Script script, Random? cuts)
    {
        Begin();
        foreach (Step step in script.Steps) Take(step);
        Settle(watched: true);
        foreach (FuzzPeer peer in _peers.Where(peer => peer.IsOpen)) peer.Conversation.AssertNothingOwed(_world.BuffersScarce);
        AssertAllocation();
        byte[][] answers = End();

        // A challenge is another one each time, and with it everything behind.
        if (cuts is null || answers.Any(bytes => bytes.AsSpan().IndexOf("CHAP_C="u8) >= 0)) return;
        Repeat(cuts, answers);
    }

    private void Begin()
    {
        _world.Reset();
        (_inputBytes, _allocated, _connections, _stalled) = (0, 0, 0, false);
        _tape.Clear();
        Connect();
    }

    private void Connect()
    {
        var sessions = new SessionsSeen();
        _peers = [.. _transports.Select(transport => new FuzzPeer(_world, transport, sessions, ExcuseCommands))];
    }

    private void Take(Step step)
    {
        byte[] bytes = [];
        if (step is Step.Pdu pdu)
        {
            FuzzPeer peer = _peers[pdu.Connection];
            if (!peer.IsOpen) _connections++;
            Measured(() => peer.Open());
            bytes = PduWriter.Write(pdu, peer.Conversation);
            _inputBytes += bytes.Length;
            peer.Conversation.OnSending(bytes);
            Measured(() => peer.Open().OnReceived(bytes));
        }
        else
        {
            Happen(step);
        }

        _tape.Add((step, bytes));
        Turn(watched: true);
    }

    private void Repeat(Random cuts, byte[][] expected)
    {
        _world.Reset();
        Connect();
        _stalled = false;
        foreach ((Step step, byte[] bytes) in _tape)
        {
            if (step is Step.Pdu pdu) FeedCut(_peers[pdu.Connection], bytes, cuts);
            else Happen(step);
            Turn(watched: false);
        }

        Settle(watched: false);
        byte[][] answers = End();
        for (int i = 0; i < answers.Length; i++)
        {
            if (expected[i].AsSpan().SequenceEqual(answers[i])) continue;
            int at = expected[i].AsSpan().CommonPrefixLength(answers[i]);
            throw new FindingException($"Cut elsewhere, connection {i} is answered otherwise from byte {at} of {expected[i].Length} and {answers[i].Length} on.");
        }
    }

    private static void FeedCut(FuzzPeer peer, byte[] bytes, Random cuts)
    {
        var connection = peer.Open();
        int most = cuts.Next(3) == 0 ? 1 : cuts.Next(1, 64);
        for (int at = 0; at < bytes.Length;)
        {
            int piece = Math.Min(bytes.Length - at, bytes.Length - at > 4096 ? 4096 : cuts.Next(1, most + 1));
            connection.OnReceived(bytes.AsSpan(at, piece));
            at += piece;
        }
    }

    private void Happen(Step step)
    {
        switch (step)
        {
            case Step.Hangup hangup:
                _peers[hangup.Connection].Hangup();
                break;
            case Step.Wait wait:
                _world.Clock.Advance(TimeSpan.FromSeconds(wait.Seconds));
                Measured(_world.Ring.Tick);
                break;
            case Step.Hold:
                foreach (RamVolume volume in _world.Volumes) volume.Hold = true;
                break;
            case Step.Serve serve:
                Measured(() => Serve(serve.Requests));
                break;
            case Step.Release:
                foreach (RamVolume volume in _world.Volumes) volume.Hold = false;
                Measured(() => Serve(int.MaxValue));
                break;
            case Step.Fail fail:
                foreach (RamVolume volume in _world.Volumes) volume.Fail = fail.Status;
                break;
            case Step.Stall stall:
                _stalled = stall.Stalls;
                break;
            case Step.Configure configure:
                // The configuration itself is built here, and not by the target.
                _world.Configure(configure.Variant);
                break;
        }
    }

    private void Serve(int requests)
    {
        foreach (RamVolume volume in _world.Volumes)
        {
            for (int left = requests; left > 0 && volume.HeldCount > 0; left--) volume.CompleteOne();
        }
    }

    /// <summary>The end of a ring's turn: waiting commands go on, posted work is done, answers leave.</summary>
    private void Turn(bool watched)
    {
        Measured(_world.Ring.EndOfTurn);
        Measured(_world.Mailbox.Run);
        foreach (FuzzPeer peer in _peers)
        {
            peer.Transport.HoldPayloads = _stalled;
            if (!_stalled) Measured(peer.Transport.ReleasePayloads);
            peer.Collect(watched);
        }

        Measured(_world.Mailbox.Run);
    }

    /// <summary>Volumes and kernel are done with all they have, until nothing moves any more.</summary>
    private void Settle(bool watched)
    {
        _stalled = false;
        foreach (RamVolume volume in _world.Volumes) volume.Hold = false;
        int before;
        do
        {
            before = _peers.Sum(peer => peer.Received.Count) + _world.Volumes.Sum(volume => volume.HeldCount);
            Serve(int.MaxValue);
            Turn(watched);
            Turn(watched);
        }
        while (before != _peers.Sum(peer => peer.Received.Count) + _world.Volumes.Sum(volume => volume.HeldCount));
    }

    private byte[][] End()
    {
        foreach (FuzzPeer peer in _peers) peer.Hangup();
        Turn(watched: false);
        _world.AssertClean();
        return [.. _peers.Select(peer => peer.Received.ToArray())];
    }

    private void Measured(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        _allocated += GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void AssertAllocation()
    {
        long bound = (AllocatedPerInputByte * _inputBytes) + ((long)AllocatedPerConnection * Math.Max(1, _connections));
        if (_allocated > bound) throw new FindingException($"{_allocated} bytes were allocated for {_inputBytes} bytes on {_connections} connections; {bound} is the bound.");
    }

    private void ExcuseCommands()
    {
        foreach (FuzzPeer peer in _peers) peer.Conversation.ExcuseCommands();
    }
}
