using System.Text;

namespace SimLedger.IntegrationTests.Hosting;

/// <summary>A message of protobuf read without its schema: field number and content. Enough to walk to the spans of an OTLP message.</summary>
internal static class Protobuf
{
    /// <summary>The fields of a message; of those that are not length-delimited only the number.</summary>
    public static IEnumerable<(int Field, byte[] Content)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var content = Array.Empty<byte>();
            switch (tag & 7)
            {
                case 0: content = BitConverter.GetBytes(Varint(message, ref at)); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    content = message[at..(at + length)];
                    at += length;
                    break;
                default: throw new InvalidDataException($"No wire type is {tag & 7}.");
            }
            yield return ((int)(tag >> 3), content);
        }
    }

    /// <summary>Those parts of a message that a path of field numbers leads to.</summary>
    public static IEnumerable<byte[]> At(byte[] message, params ReadOnlySpan<int> path)
    {
        List<byte[]> here = [message];
        foreach (var field in path)
        {
            here = [.. here.SelectMany(Fields).Where(f => f.Field == field).Select(f => f.Content)];
        }
        return here;
    }

    /// <summary>Attributes of OTLP (KeyValue messages in a field): strings and whole numbers.</summary>
    public static Dictionary<string, string> Attributes(byte[] message, int field) =>
        At(message, field).ToDictionary(pair => Encoding.UTF8.GetString(At(pair, 1).Single()), pair => At(pair, 2).SelectMany(Fields).Select(Value).FirstOrDefault(""));

    private static string Value((int Field, byte[] Content) value) =>
        value.Field == 1 ? Encoding.UTF8.GetString(value.Content) : value.Field == 3 ? BitConverter.ToInt64(value.Content).ToString(System.Globalization.CultureInfo.InvariantCulture) : "";

    private static long Varint(byte[] message, ref int at)
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (long)(part & 0x7F) << shift;
            if ((part & 0x80) == 0) return value;
        }
    }
}
