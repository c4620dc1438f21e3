using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using VSan.Interop;

namespace VSan.Tests.Unit.Interop;

/// <summary>What our types claim about the kernel's, as C static assertions: read from the types themselves, so that nothing is claimed twice.</summary>
internal static partial class KernelFacts
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const BindingFlags Constants = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    internal static string Program(string extraAssertion = "")
    {
        var c = new StringBuilder("""
            #define _GNU_SOURCE
            #include <stddef.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <unistd.h>
            #include <linux/io_uring.h>
            #include <linux/time_types.h>
            #include <linux/fs.h>
            #include <linux/falloc.h>
            #include <sys/stat.h>
            #include <sys/file.h>
            #include <sys/mman.h>
            #include <sys/eventfd.h>
            #include <sys/epoll.h>
            #include <sys/ioctl.h>
            #include <sys/socket.h>
            #include <sys/syscall.h>
            #include <sys/uio.h>
            #include <netinet/in.h>
            #include <netinet/tcp.h>

            """);
        foreach (Type type in typeof(Errno).Assembly.GetTypes().Where(type => type.GetCustomAttribute<CNameAttribute>() is not null))
        {
            foreach (string assertion in type.IsValueType && !type.IsEnum ? OfStruct(type) : OfConstants(type))
                c.AppendLine(CultureInfo.InvariantCulture, $"_Static_assert({assertion}, \"{type.Name}\");");
        }

        return c.AppendLine(extraAssertion).ToString();
    }

    private static IEnumerable<string> OfStruct(Type type)
    {
        string name = type.GetCustomAttribute<CNameAttribute>()!.Name;
        yield return $"sizeof({name}) == {Marshal.SizeOf(type)}";
        foreach (FieldInfo field in type.GetFields(Fields))
        {
            string member = field.GetCustomAttribute<CNameAttribute>()?.Name ?? throw new InvalidOperationException($"{type.Name}.{field.Name} has no C name.");
            yield return $"offsetof({name}, {member}) == {Marshal.OffsetOf(type, field.Name)}";
            if (!field.FieldType.IsEnum) yield return $"sizeof((({name}*)0)->{member}) == {Marshal.SizeOf(field.FieldType)}";
        }
    }

    private static IEnumerable<string> OfConstants(Type type)
    {
        string prefix = type.GetCustomAttribute<CNameAttribute>()!.Name;
        foreach (FieldInfo field in type.GetFields(Constants).Where(field => field.IsLiteral))
        {
            string name = field.GetCustomAttribute<CNameAttribute>()?.Name ?? prefix + WordStart().Replace(field.Name, "_$1").ToUpperInvariant();
            yield return $"{name} == {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}LL";
        }
    }

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex WordStart();
}
