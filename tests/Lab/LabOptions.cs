using System.Globalization;

namespace VSan.Tests.Lab;

/// <summary>What <c>vsan-lab</c> was told.</summary>
/// <param name="Verb">boot, powercut or update.</param>
/// <param name="Firmware">How the machine starts.</param>
/// <param name="Rounds">How often its power is cut.</param>
internal sealed record LabOptions(string Verb, Firmware Firmware, int Rounds)
{
    /// <summary>How many units are updated.</summary>
    public int Units { get; init; } = 2;

    /// <summary>Only the update itself: no broken version, no power cut.</summary>
    public bool Short { get; init; }

    public const string Usage =
        """
        usage: ./dev lab boot [--firmware uefi|bios|pxe-uefi|pxe-bios|http]
               ./dev lab powercut [--rounds N] [--firmware uefi|bios]
               ./dev lab update [--units N] [--firmware uefi|bios] [--parts short|all]
        """;

    /// <summary>Reads the arguments; null when they make no sense.</summary>
    public static LabOptions? TryParse(IReadOnlyList<string> arguments)
    {
        if (arguments is not [("boot" or "powercut" or "update") and string verb, ..]) return null;
        LabOptions options = new(verb, Firmware.Uefi, Rounds: 3);
        for (int index = 1; index < arguments.Count; index += 2)
        {
            if (index + 1 == arguments.Count) return null;
            switch (arguments[index])
            {
                case "--firmware" when Firmwares.TryGetValue(arguments[index + 1], out Firmware firmware):
                    options = options with { Firmware = firmware };
                    break;
                case "--rounds" when int.TryParse(arguments[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    break;
                case "--units" when int.TryParse(arguments[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int units) && units > 0:
                    options = options with { Units = units };
                    break;
                case "--parts" when arguments[index + 1] is "short" or "all":
                    options = options with { Short = arguments[index + 1] == "short" };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    private static readonly Dictionary<string, Firmware> Firmwares = new()
    {
        ["uefi"] = Firmware.Uefi,
        ["bios"] = Firmware.Bios,
        ["pxe-uefi"] = Firmware.PxeUefi,
        ["pxe-bios"] = Firmware.PxeBios,
        ["http"] = Firmware.Http,
    };
}
