using VSan.IscsiInitiator;

namespace VSan.Tests.Proof.Reservations;

/// <summary>Two initiator ports that register, reserve and release by chance, one command at a time; and the picture that each answer promises.</summary>
/// <param name="seed">Of the chance.</param>
internal sealed class ReservationRun(int seed)
{
    private const int PortCount = 2;
    private readonly Random _random = new(seed);
    private readonly ulong[] _keys = new ulong[PortCount];
    private int? _holder;
    private ulong _lastKey;

    /// <summary>Every picture so far, the oldest first, with what the clock said when it was promised.</summary>
    public List<(ReservationPicture Picture, long PromisedAt)> Promises { get; } = [(ReservationPicture.Of([], 0), 0)];

    /// <summary>Sends changes and notes what each answer promises.</summary>
    public async Task ChangeAsync(HostAccess access, int count, Func<long> position)
    {
        await using IscsiSession first = await IscsiSession.LoginAsync(access with { Isid = 1 });
        await using IscsiSession second = await IscsiSession.LoginAsync(access with { Isid = 2 });
        IscsiSession[] sessions = [first, second];
        for (int i = 0; i < count; i++)
        {
            int port = _random.Next(PortCount);
            int noted = Promises.Count;
            Task change = ChangeOneAsync(sessions[port], port);
            Promises.Add((ReservationPicture.Of(_keys, _holder is { } holder ? _keys[holder] : 0), long.MaxValue));
            await change;
            Promises[noted] = (Promises[noted].Picture, position());
        }
    }

    /// <summary>True when the picture is the last one promised by then, or a later one.</summary>
    public bool IsRight(ReservationPicture found, long position)
    {
        int durable = Promises.FindLastIndex(promise => promise.PromisedAt <= position);
        return Promises.FindIndex(durable, promise => promise.Picture == found) >= 0;
    }

    private Task ChangeOneAsync(IscsiSession session, int port)
    {
        ulong key = _keys[port];
        switch (_random.Next(4))
        {
            case 0 when key != 0 && _holder is null:
                _holder = port;
                return PersistentReserve.ReserveAsync(session, key);
            case 1 when _holder == port:
                _holder = null;
                return PersistentReserve.ReleaseAsync(session, key);
            case 2 when key != 0:
                if (_holder == port) _holder = null;
                _keys[port] = 0;
                return PersistentReserve.RegisterAsync(session, 0);
            default:
                _keys[port] = ++_lastKey;
                return PersistentReserve.RegisterAsync(session, _lastKey);
        }
    }
}
