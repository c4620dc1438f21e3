using System.Globalization;

namespace VSan.Tests.Unit.Scsi.Reservations;

/// <summary>One step of a random history.</summary>
/// <param name="Nexus">0 to 2.</param>
/// <param name="Action">Service action of PERSISTENT RESERVE OUT, 0 to 6.</param>
/// <param name="Type">One of the six.</param>
/// <param name="Key">RESERVATION KEY; 0 to 3, so that keys meet.</param>
/// <param name="ActionKey">SERVICE ACTION RESERVATION KEY.</param>
public sealed record ReservationStep(int Nexus, int Action, int Type, int Key, int ActionKey)
{
    /// <summary>The CDB.</summary>
    public string Cdb => string.Create(CultureInfo.InvariantCulture, $"5F {Action:X2} {(Action is 0 or 3 or 6 ? 0 : Type):X2} 00 00 00000018 00");
}

/// <summary>
/// Persistent reservations of three nexuses as SPC-4, 5.12 tells them, written down a second time and as plainly as possible: the oracle.
/// </summary>
internal sealed class ReservationModel
{
    public const int Nexuses = 3;

    private readonly SortedDictionary<int, int> _keys = [];
    private readonly SortedSet<int>[] _attentions = [[], [], []];
    private int _type;
    private int? _holder;

    public uint Generation { get; private set; }

    public IEnumerable<int> Keys => _keys.Values.Order();

    public int Type => _type;

    /// <summary>Attentions that nexus is owed, taken: ASCQ of 2Ah.</summary>
    public IReadOnlyList<int> TakeAttentions(int nexus)
    {
        int[] taken = [.. _attentions[nexus]];
        _attentions[nexus].Clear();
        return taken;
    }

    public bool May(int nexus, bool write)
    {
        bool isRegistered = _keys.ContainsKey(nexus);
        return _type switch
        {
            0 => true,
            1 => !write || _holder == nexus,
            3 => _holder == nexus,
            5 or 7 => !write || isRegistered,
            _ => isRegistered,
        };
    }

    /// <summary>Runs a step: 0 GOOD, 0x18 RESERVATION CONFLICT, else sense as 0x052600.</summary>
    public int Run(ReservationStep step)
    {
        bool isRegistered = _keys.TryGetValue(step.Nexus, out int own);
        if (step.Action is 0 or 6) return Register(step, isRegistered, own);
        if (!isRegistered || own != step.Key) return 0x18;
        bool holds = _type >= 7 || _holder == step.Nexus;
        switch (step.Action)
        {
            case 1:
                if (_type != 0) return holds && _type == step.Type ? 0 : 0x18;
                Hold(step);
                return 0;
            case 2:
                if (_type == 0 || !holds) return 0;
                if (_type != step.Type) return 0x052604;
                Free(tell: _type >= 5, except: step.Nexus);
                return 0;
            case 3:
                foreach (int other in Others(step.Nexus)) _attentions[other].Add(3);
                _keys.Clear();
                (_type, _holder) = (0, null);
                Generation++;
                return 0;
            default:
                return Preempt(step, own);
        }
    }

    private int Register(ReservationStep step, bool isRegistered, int own)
    {
        if (step.Action == 0 && step.Key != own) return 0x18;
        if (step.ActionKey != 0)
        {
            _keys[step.Nexus] = step.ActionKey;
            Generation++;
        }
        else if (isRegistered)
        {
            _keys.Remove(step.Nexus);
            Generation++;
            if (_type >= 7 ? _keys.Count == 0 : _type != 0 && _holder == step.Nexus) Free(tell: _type >= 5, except: step.Nexus);
        }

        return 0;
    }

    private int Preempt(ReservationStep step, int own)
    {
        bool takesOver = _type >= 7 ? step.ActionKey == 0 : _type != 0 && _keys[_holder!.Value] == step.ActionKey;
        if (step.ActionKey == 0 && _type is > 0 and < 7) return 0x052600;
        int[] gone = [.. _keys.Where(each => takesOver && _type >= 7 ? true : each.Value == step.ActionKey).Select(each => each.Key)];
        if (takesOver) gone = [.. gone.Where(nexus => nexus != step.Nexus)];
        else if (gone.Length == 0) return 0x18;
        foreach (int nexus in gone)
        {
            _keys.Remove(nexus);
            if (nexus != step.Nexus) _attentions[nexus].Add(5);
        }

        Generation++;
        if (takesOver)
        {
            if (_type != step.Type)
            {
                foreach (int other in Others(step.Nexus)) _attentions[other].Add(4);
            }

            Hold(step);
        }
        else if (_type >= 7 && _keys.Count == 0)
        {
            (_type, _holder) = (0, null);
        }

        return 0;
    }

    private void Hold(ReservationStep step) => (_type, _holder) = (step.Type, step.Type >= 7 ? null : step.Nexus);

    private void Free(bool tell, int except)
    {
        if (tell)
        {
            foreach (int other in Others(except)) _attentions[other].Add(4);
        }

        (_type, _holder) = (0, null);
    }

    private IEnumerable<int> Others(int nexus) => _keys.Keys.Where(other => other != nexus);
}
